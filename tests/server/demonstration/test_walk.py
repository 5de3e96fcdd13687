"""One invented event walks as far as its story and the hour let it, and never past the hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from server.demonstration.stories import STORIES, Story
from server.demonstration.walk import Cast, walk
from server.kit.db import Database
from server.kit.sealing import Keyring
from server.organisation.domain import Role
from shared.taxonomy import Severity
from tests.kit.chain import make_moderator, rows
from tests.kit.clock import MONDAY
from tests.kit.live_queue import queue_event
from tests.kit.organisation import Trust, make_staff
from tests.kit.record import School, make_school

RECEIVED = MONDAY + timedelta(hours=1)
WEEKS_LATER = RECEIVED + timedelta(days=21)
DICE = range(6)


def story(*, level: int, dismissed: bool = False) -> Story:
    """The first of that level."""
    return next(one for one in STORIES if one.severity == level and (one.dismissed is not None) is dismissed)


@dataclass(frozen=True)
class Told:
    """One occasion."""

    event_id: UUID
    story: Story
    received_at: datetime = RECEIVED


@dataclass(frozen=True)
class Stage:
    """A school, and the people who play in it."""

    database: Database
    keyring: Keyring
    school: School
    cast: Cast

    def play(self, played: Story, *, until: datetime = WEEKS_LATER, seed: int = 1) -> UUID:
        """Walk one event of this story; its id."""
        event_id = queue_event(
            self.database,
            self.keyring,
            self.school.academy,
            severity=played.severity,
            received_at=RECEIVED,
            student_id=self.school.student_id,
        )
        walk(self.database, self.keyring, Random(seed), self.cast, Told(event_id, played), until=until)
        return event_id

    def one(self, columns: str, table: str, event_id: UUID) -> tuple[object, ...]:
        """The one row about an event."""
        (row,) = rows(self.database, f"SELECT {columns} FROM {table} WHERE event_id = :event", event=event_id)
        return row

    def state(self, event_id: UUID) -> object:
        """Where the event stands in the queue."""
        return self.one("state", "review_item", event_id)[0]


@pytest.fixture
def stage(system_database: Database, keyring: Keyring) -> Stage:
    school = make_school(system_database)
    moderator = make_moderator(system_database, school.academy)
    make_staff(system_database, Role.TRUST_OFFICER, trust=Trust(school.academy.trust_id, ""))
    return Stage(system_database, keyring, school, Cast((moderator,), school.dsl, school.deputy))


def test_what_is_harmless_is_dismissed_and_nobody_is_told(stage: Stage) -> None:
    played = story(level=3, dismissed=True)
    event_id = stage.play(played)
    assert stage.state(event_id) == "dismissed"
    assert stage.one("reason", "dismissal", event_id) == (played.dismissed,)
    assert not rows(stage.database, "SELECT 1 FROM alert WHERE event_id = :event", event=event_id)


@pytest.mark.parametrize("level", [2, 3, 4, 5])
def test_what_is_graded_is_told_and_answered_in_order(stage: Stage, level: int) -> None:
    played = story(level=level)
    event_id = stage.play(played)
    raised, told, answered, theme, severity = stage.one(
        "raised_at, told_at, acknowledged_at, theme, severity", "alert", event_id
    )
    assert RECEIVED < raised < told < answered < WEEKS_LATER  # type: ignore[operator]
    assert (theme, severity) == (played.theme, played.severity)


@pytest.mark.parametrize("seed", DICE)
@pytest.mark.parametrize(
    "until", [timedelta(seconds=1), timedelta(minutes=3), timedelta(minutes=40), timedelta(hours=5)], ids=str
)
@pytest.mark.parametrize("level", [2, 4, 5])
def test_nothing_happens_after_the_hour_it_is(stage: Stage, level: int, until: timedelta, seed: int) -> None:
    """However short the time since the event came: what does not fit in waits."""
    event_id = stage.play(story(level=level), until=RECEIVED + until, seed=seed)
    happened = rows(
        stage.database,
        "SELECT r.claimed_at, r.decided_at, a.raised_at, a.told_at, a.acknowledged_at, c.recorded_at,"
        " max(x.added_at), max(f.referred_at), max(n.created_at), max(n.sent_at) FROM review_item r"
        " LEFT JOIN alert a ON a.event_id = r.event_id LEFT JOIN concern c ON c.alert_id = a.id"
        " LEFT JOIN action x ON x.concern_id = c.id LEFT JOIN referral f ON f.concern_id = c.id"
        " LEFT JOIN notice n ON n.alert_id = a.id WHERE r.event_id = :event GROUP BY 1, 2, 3, 4, 5, 6",
        event=event_id,
    )
    times = [at for at in happened[0] if at is not None]
    assert all(at < RECEIVED + until for at in times)  # type: ignore[operator]
    assert stage.state(event_id) in {"queued", "graded"}, "nobody still holds what nobody decided"
    assert (stage.state(event_id) == "graded") == bool(times)


@pytest.mark.parametrize("seed", range(12))
def test_a_level_5_is_never_left_alone(stage: Stage, seed: int) -> None:
    """Not even a recent one: nobody would believe that school."""
    event_id = stage.play(story(level=5), until=RECEIVED + timedelta(hours=8), seed=seed)
    answered = stage.one("acknowledged_at", "alert", event_id)[0]
    assert answered is not None
    assert answered - RECEIVED < timedelta(minutes=80)  # type: ignore[operator]


def test_what_stays_unanswered_was_chased_until_now_and_no_further(stage: Stage) -> None:
    until = RECEIVED + timedelta(days=1)
    unanswered = 0
    for seed in range(12):
        event_id = stage.play(story(level=4), until=until, seed=seed)
        alert_id, answered, following = stage.one("id, acknowledged_at, next_chase_at", "alert", event_id)
        if answered is not None:
            continue
        unanswered += 1
        assert following > until - timedelta(seconds=3)  # type: ignore[operator]
        notices = rows(
            stage.database,
            "SELECT step, sent_at, state FROM notice WHERE alert_id = :alert ORDER BY step",
            alert=alert_id,
        )
        assert notices[-1][0] > 5, "hourly in school hours"  # type: ignore[operator]
        assert all(state == "sent" and at < until for _, at, state in notices)  # type: ignore[operator]
    assert 0 < unanswered < 12


def test_school_staff_act_in_school_hours_below_level_5(stage: Stage) -> None:
    acted: list[object] = []
    for seed in DICE:
        event_id = stage.play(story(level=3), seed=seed)
        found = rows(
            stage.database,
            "SELECT c.recorded_at FROM concern c JOIN alert a ON a.id = c.alert_id WHERE a.event_id = :event"
            " UNION ALL SELECT acknowledged_at FROM alert WHERE event_id = :event",
            event=event_id,
        )
        acted += [at for (at,) in found if at is not None]
    assert len(acted) > len(DICE)
    for at in acted:
        assert at.weekday() < 5  # type: ignore[attr-defined]
        assert 8 <= at.hour < 17  # type: ignore[attr-defined]


def test_what_is_referred_ends_with_an_outcome(stage: Stage) -> None:
    played = next(one for one in STORIES if one.referred_to)
    event_id = stage.play(played, until=RECEIVED + timedelta(days=60))
    found = rows(
        stage.database,
        "SELECT f.agency, o.decision FROM outcome o JOIN referral f ON f.id = o.referral_id"
        " JOIN concern c ON c.id = f.concern_id JOIN alert a ON a.id = c.alert_id WHERE a.event_id = :event"
        " ORDER BY o.recorded_at",
        event=event_id,
    )
    assert found == [(played.referred_to, "accepted"), (played.referred_to, "outcome")]
    assert played.severity >= Severity.LEVEL_4
