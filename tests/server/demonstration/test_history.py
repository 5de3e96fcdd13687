"""Three invented weeks: all of it past and told, the boards full, the queue waiting, nobody told of it today."""

import getpass
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from server.demonstration.history import DAYS, EVENTS, LONDON, WAITING, plant_history
from server.demonstration.stories import STORIES
from server.evidence.domain import event_aad
from server.kit.database_urls import for_libpq
from server.kit.sealing import decrypt
from server.metrics.rebuild import rebuild
from server.notification.chase import chase
from shared.wire import decode_body
from tests.kit.chain import rows
from tests.server.demonstration.conftest import Stage

TIMES = (
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    " AND data_type = 'timestamp with time zone' AND column_default IS NULL"
)
# What is meant to lie ahead: deadlines, and how long something is good for. ``sort_at`` is the queue's deadline.
AHEAD = set(
    "acknowledge_due_at next_chase_at decision_due_at expires_at claim_expires_at sort_at due_at".split()
)
# Kept by the database's own clock, which is later than the tests'.
BY_THE_DATABASE = {"dispatched_at"}


@dataclass(frozen=True)
class History:
    """What was invented, and how the progress was told."""

    stage: Stage
    events: int
    progress: list[tuple[int, int]]


@pytest.fixture(scope="module")
def history(stage: Stage) -> History:
    """The whole of it, once."""
    progress: list[tuple[int, int]] = []
    events = plant_history(
        stage.database,
        stage.clock,
        system_url=for_libpq(stage.system_url),
        keyring=stage.keyring,
        planted=stage.planted,
        progress=lambda done, total: progress.append((done, total)),
    )
    return History(stage, events, progress)


def count(history: History, statement: str, **values: object) -> int:
    ((found,),) = rows(history.stage.database, statement, **values)
    assert isinstance(found, int)
    return found


def test_every_event_is_there_and_the_progress_was_told(history: History) -> None:
    assert history.events == count(history, "SELECT count(*) FROM event") == EVENTS + WAITING
    assert history.progress == [(done, EVENTS) for done in range(1, EVENTS + 1)]


def test_nothing_lies_in_the_future(history: History) -> None:
    """Every time that somebody wrote; what is meant to lie ahead is named above."""
    now = history.stage.clock.now()
    checked = 0
    for table, column in rows(history.stage.database, TIMES):
        if column in AHEAD | BY_THE_DATABASE:
            continue
        ((latest,),) = rows(history.stage.database, f"SELECT max({column}) FROM {table}")
        assert latest is None or latest <= now, f"{table}.{column}"  # type: ignore[operator]
        checked += latest is not None
    assert checked > 30


def test_events_came_on_school_days_in_school_hours_of_the_last_weeks(history: History) -> None:
    now = history.stage.clock.now()
    waiting = (
        "SELECT e.received_at FROM event e JOIN review_item r ON r.event_id = e.id WHERE r.state {} 'queued'"
    )
    for (at,) in rows(history.stage.database, waiting.format("<>")):
        local = at.astimezone(LONDON)  # type: ignore[attr-defined]
        assert local.weekday() < 5
        assert 9 <= local.hour <= 15
        assert now - timedelta(days=DAYS + 1) < at < now  # type: ignore[operator]


def test_some_events_have_just_come_in_and_wait_unreviewed(history: History) -> None:
    now = history.stage.clock.now()
    waiting = rows(
        history.stage.database,
        "SELECT e.received_at, e.severity FROM review_item r JOIN event e ON e.id = r.event_id"
        " WHERE r.state = 'queued'",
    )
    assert len(waiting) == WAITING
    assert all(now - timedelta(minutes=5) < at < now for at, _ in waiting)  # type: ignore[operator]
    # Nothing grave waits while a newcomer reads the page.
    assert all(severity < 4 for _, severity in waiting)  # type: ignore[operator]
    assert count(history, "SELECT count(*) FROM review_item WHERE state = 'claimed'") == 0


def test_nothing_of_it_is_dispatched_today(history: History) -> None:
    assert count(history, "SELECT count(*) FROM outbox WHERE dispatched_at IS NULL") == 0
    assert count(history, "SELECT count(*) FROM outbox") > EVENTS


def test_nobody_is_mailed_today_about_the_past(history: History) -> None:
    """Neither by a notice left over nor by the chase's first scan after the start."""
    assert count(history, "SELECT count(*) FROM notice WHERE state <> 'sent'") == 0
    assert count(history, "SELECT count(*) FROM alert WHERE told_at IS NULL") == 0
    with history.stage.database.write() as session:
        assert chase(session, history.stage.clock) == 0


def test_what_is_overdue_was_chased_at_its_hours(history: History) -> None:
    """Some alerts are unanswered; those that fell due in the meantime were told again."""
    open_alerts = rows(
        history.stage.database,
        "SELECT severity, chase_step FROM alert WHERE acknowledged_at IS NULL AND acknowledge_due_at < :now"
        " AND severity >= 3",
        now=history.stage.clock.now(),
    )
    assert all(step > 1 for _, step in open_alerts)  # type: ignore[operator]
    assert all(severity < 5 for severity, _ in open_alerts)  # type: ignore[operator]
    assert count(history, "SELECT count(*) FROM notice WHERE step > 1") > 0


def test_the_board_read_from_it_is_what_a_rebuild_makes(history: History) -> None:
    everything = "SELECT * FROM response_time ORDER BY event_id"
    before = rows(history.stage.database, everything)
    with history.stage.database.write() as session:
        session.execute(text("UPDATE response_time SET severity = NULL, told_at = NULL, outcome_at = NULL"))
        rebuild(session)
    assert rows(history.stage.database, everything) == before
    assert len(before) == EVENTS + WAITING


def test_every_part_of_the_boards_has_something_to_show(history: History) -> None:
    """At every academy: alerts answered and open, dismissals, concerns, and somewhere a referral's outcome."""
    for column in ("told_at", "acknowledged_at", "recorded_at", "first_action_at", "dismissed_at"):
        found = count(
            history, f"SELECT count(DISTINCT academy_id) FROM response_time WHERE {column} IS NOT NULL"
        )
        assert found == 3, column
    assert count(history, "SELECT count(*) FROM response_time WHERE outcome_at IS NOT NULL") > 0
    assert count(history, "SELECT count(*) FROM alert WHERE acknowledged_at IS NULL") > 0
    assert count(history, "SELECT count(DISTINCT severity) FROM alert") == 4


def test_it_is_marked_as_invented_wherever_people_read(history: History) -> None:
    events = rows(
        history.stage.database,
        "SELECT e.id, e.pack_version, e.reasons, e.body, k.id, k.wrapped FROM event e"
        " JOIN record_key k ON k.id = e.key_id",
    )
    passages = {one.passage for one in STORIES}
    for event_id, pack, reasons, sealed, key_id, wrapped in events:
        assert isinstance(event_id, UUID)
        assert isinstance(key_id, UUID)
        assert isinstance(sealed, bytes)
        assert isinstance(wrapped, bytes)
        key = history.stage.keyring.unwrap(key_id, wrapped)
        body = decode_body(decrypt(key, sealed, event_aad(event_id)))
        assert (pack, reasons, body.window_title) == ("invented", ["invented history"], "Invented history")
        assert body.passage in passages
    written = "SELECT summary FROM concern UNION ALL SELECT text FROM concern_entry UNION ALL"
    written += " SELECT rationale FROM referral UNION ALL SELECT what FROM outcome"
    texts = [str(one) for (one,) in rows(history.stage.database, written)]
    assert len(texts) > 20
    assert all(one.startswith("Invented") for one in texts)


def test_nothing_happened_to_whoever_sits_here(history: History) -> None:
    """This machine's own record starts empty, so that what is typed here is seen to arrive."""
    events = "SELECT count(*) FROM event e JOIN student_account s ON s.student_id = e.student_id"
    assert count(history, f"{events} WHERE s.account = :own", own=getpass.getuser().lower()) == 0
    assert count(history, events) == EVENTS + WAITING, "everybody else's found their record"
