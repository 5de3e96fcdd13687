"""Whoever was told of an unreviewed alert hears that the verdict is another, once; the chase goes by the new level."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.notification.acknowledge import acknowledge
from server.notification.channels import ChannelError
from server.notification.chase import chase
from server.notification.correct import correct
from server.notification.domain import UNTOLD_AFTER
from server.routing.attach_review import attach_review
from server.routing.raise_unreviewed import raise_unreviewed
from shared.taxonomy import Severity
from tests.kit.chain import RecordingChannel, decide_event, deliver_all, rows, send_unreviewed
from tests.kit.clock import FakeClock
from tests.kit.live_queue import queue_event
from tests.kit.organisation import actor_for
from tests.server.notification.conftest import School

KINDS = (
    "SELECT kind, step, count(*)::int FROM notice WHERE alert_id = :id AND state = 'sent' GROUP BY 1, 2"
    " ORDER BY 2, 1"
)
NEXT = "SELECT chase_step, next_chase_at FROM alert WHERE id = :id"


@dataclass
class Sent:
    """An alert that went out unreviewed, and the means to let its story go on."""

    database: Database
    system_database: Database
    keyring: Keyring
    clock: FakeClock
    school: School
    event_id: UUID
    alert_id: UUID
    channel: RecordingChannel

    def scan(self, **later: float) -> list[str]:
        """Let time pass, chase twice, deliver; who got a mail now."""
        self.clock.advance(**later)
        before = len(self.channel.sent)
        for _ in range(2):
            with self.system_database.write() as session:
                chase(session, self.clock)
            deliver_all(self.system_database, self.clock, self.keyring, self.channel, self.alert_id)
        return sorted(self.channel.readers()[before:])

    def decide(self, severity: Severity | None) -> None:
        """A moderator grades or dismisses, and the alert hears of it."""
        both = (self.database, self.system_database)
        decide_event(both, self.clock, self.keyring, self.school.academy, self.event_id, severity=severity)
        with self.system_database.write() as session:
            assert attach_review(session, self.clock, self.event_id)


@pytest.fixture
def sent(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, school: School
) -> Sent:
    event_id, alert_id = send_unreviewed(
        system_database, clock, keyring, school.academy, student_id=school.student_id
    )
    return Sent(database, system_database, keyring, clock, school, event_id, alert_id, RecordingChannel())


def test_with_all_moderators_stopped_a_level_5_reaches_the_school_labelled(
    system_database: Database, keyring: Keyring, clock: FakeClock, school: School
) -> None:
    """Nobody claims, nobody grades; only the scans run. Ten minutes, and the look that follows them."""
    event_id = queue_event(system_database, keyring, school.academy, severity=Severity.LEVEL_5)
    received_at, channel = clock.now(), RecordingChannel()
    while not channel.sent:
        clock.advance(seconds=5)
        with system_database.write() as session:
            raise_unreviewed(session, clock)
        with system_database.write() as session:
            chase(session, clock)
        for (alert_id,) in rows(system_database, "SELECT id FROM alert WHERE event_id = :id", id=event_id):
            assert isinstance(alert_id, UUID)
            deliver_all(system_database, clock, keyring, channel, alert_id)
    assert (clock.now() - received_at).total_seconds() <= 10 * 60 + 15
    assert sorted(channel.readers()) == sorted([*school.keepers, school.officer.email])
    for mail in channel.sent:
        assert "not yet reviewed by a person" in mail.subject
        assert "No person has reviewed this yet" in mail.text


@pytest.mark.parametrize("by_task", [True, False])
def test_another_level_is_told_to_everybody_who_was_told(sent: Sent, by_task: bool) -> None:
    everybody = sorted([*sent.school.keepers, sent.school.officer.email])
    assert sent.scan(seconds=10) == everybody
    sent.clock.advance(seconds=30)
    sent.decide(Severity.LEVEL_3)
    if by_task:
        for _ in range(2):
            with sent.system_database.write() as session:
                correct(session, sent.clock, sent.alert_id)
    assert sent.scan(seconds=1) == everybody
    assert {mail.subject.split(" (")[0] for mail in sent.channel.sent[3:]} == {
        "Lantern: a correction, now Level 3"
    }
    assert rows(sent.system_database, KINDS, id=sent.alert_id) == [("alert", 1, 3), ("correction", 2, 3)]
    # Level 5 would tell again every two minutes; Level 3 waits for the next school morning but one.
    assert sent.scan(minutes=30) == []
    assert sent.scan(days=2) == everybody
    assert all("Level 3" in mail.subject for mail in sent.channel.sent[6:])


def test_a_higher_level_is_chased_as_such(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, school: School
) -> None:
    event_id, alert_id = send_unreviewed(
        system_database, clock, keyring, school.academy, severity=Severity.LEVEL_3
    )
    three = Sent(database, system_database, keyring, clock, school, event_id, alert_id, RecordingChannel())
    assert three.scan(seconds=10) == school.keepers
    three.decide(Severity.LEVEL_5)
    # Those who were told get the correction; the trust officer, who is new to it, the alert.
    assert three.scan(seconds=1) == sorted([*school.keepers, school.officer.email])
    assert rows(system_database, KINDS, id=alert_id) == [
        ("alert", 1, 2),
        ("alert", 2, 1),
        ("correction", 2, 2),
    ]
    assert three.scan(minutes=2) == school.keepers


def test_the_same_level_needs_no_mail(sent: Sent) -> None:
    sent.scan(seconds=10)
    sent.decide(Severity.LEVEL_5)
    assert sent.scan(seconds=1) == []
    assert sent.scan(minutes=2) == sent.school.keepers
    assert "review" not in sent.channel.sent[-1].subject + sent.channel.sent[-1].text


def test_no_risk_is_told_once_and_ends_the_chase(sent: Sent) -> None:
    everybody = sent.scan(seconds=10)
    sent.decide(None)
    assert sent.scan(seconds=1) == everybody
    assert {mail.subject.split(" (")[0] for mail in sent.channel.sent[3:]} == {
        "Lantern: a correction, no risk seen"
    }
    assert sent.scan(hours=5) == []
    assert rows(sent.system_database, NEXT, id=sent.alert_id) == [(2, None)]


@pytest.mark.parametrize("severity", [Severity.LEVEL_2, None])
def test_whoever_has_answered_is_told_too_and_nobody_is_chased(sent: Sent, severity: Severity | None) -> None:
    everybody = sent.scan(seconds=10)
    dsl = actor_for(sent.system_database, sent.school.dsl)
    with sent.database.write(dsl.database_scope()) as session:
        acknowledge(session, dsl, sent.clock, alert_id=sent.alert_id)
    sent.decide(severity)
    assert sent.scan(seconds=1) == everybody
    assert sent.scan(hours=5) == []
    state = "SELECT state FROM alert WHERE id = :id"
    assert rows(sent.system_database, state, id=sent.alert_id) == [("acknowledged",)]


def test_where_nobody_was_told_there_is_nothing_to_correct(sent: Sent) -> None:
    """The verdict is quicker than the first mail: the mail itself carries it."""
    sent.decide(Severity.LEVEL_4)
    assert sent.scan(seconds=10) == sent.school.keepers
    assert {mail.subject.split(" (")[0] for mail in sent.channel.sent} == {
        "Lantern: a Level 4 alert needs you"
    }
    assert rows(sent.system_database, KINDS, id=sent.alert_id) == [("alert", 1, 2)]


def test_a_mail_that_may_be_on_its_way_is_corrected(sent: Sent) -> None:
    sent.channel.error = ChannelError("smtp_unreachable", is_outage=True)
    assert sent.scan(seconds=10) == []
    sent.channel.error = None
    sent.decide(Severity.LEVEL_4)
    got = sent.scan(seconds=UNTOLD_AFTER.total_seconds())
    assert set(got) == {*sent.school.keepers, sent.school.officer.email}
    assert all("not yet reviewed" not in mail.subject for mail in sent.channel.sent)
