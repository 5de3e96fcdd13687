"""Plays whole stories through the rooms' own verbs, and writes response times with known numbers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from server.escalation.domain import Agency, Consent, Decision
from server.escalation.record_outcome import RecordOutcomeCommand, record_outcome
from server.escalation.refer import ReferCommand, refer
from server.ingest.messages import EventReceived
from server.kit.db import Database, WriteSession
from server.kit.outbox import Message, announce
from server.kit.sealing import Keyring
from server.live_queue.messages import EventClaimed
from server.moderation.messages import EventDismissed, EventGraded
from server.notification.acknowledge import acknowledge
from server.notification.messages import AlertTold
from server.organisation.domain import Role
from server.record.add_action import AddActionCommand, add_action
from server.record.close_concern import CloseConcernCommand, close_concern
from server.record.domain import OutcomeCode
from server.record.open_concern import OpenConcernCommand, open_concern
from server.record.reopen_concern import ReopenConcernCommand, reopen_concern
from server.routing.attach_review import attach_review
from server.routing.messages import AlertRaised
from server.routing.no_further_action import no_further_action
from shared.taxonomy import Severity
from tests.kit.chain import decide_event, send_unreviewed
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.live_queue import queue_event
from tests.kit.organisation import Academy, make_staff
from tests.kit.record import SUMMARY, MadeAlert, School, make_alert

COLUMNS = (
    "occurred_at received_at claimed_at graded_at dismissed_at raised_at unreviewed_at acknowledge_due_at told_at"
    " acknowledged_at recorded_at first_action_at referred_at outcome_at closed_at reopened_at"
).split()


def play_record_story(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, school: School
) -> UUID:
    """From an event to an outcome, closed, reopened and closed again; the event's id."""
    made = _play_alert(system_database, keyring, school, clock)
    dsl = school.dsl

    def act(work: Callable[[WriteSession], object]) -> None:
        clock.advance(minutes=7)
        with database.write(dsl.database_scope()) as session:
            work(session)

    act(lambda session: acknowledge(session, dsl, clock, alert_id=made.alert_id))
    act(lambda session: open_concern(session, dsl, clock, OpenConcernCommand(made.alert_id, SUMMARY)))
    with system_database.read() as reading:
        concern_id = reading.scalars(
            text("SELECT id FROM concern WHERE alert_id = :id"), {"id": made.alert_id}
        ).one()
    closing = CloseConcernCommand(concern_id, OutcomeCode.FAMILY_SUPPORT, "The family has support now.")
    act(lambda session: add_action(session, dsl, clock, AddActionCommand(concern_id, "Call home")))
    act(lambda session: add_action(session, dsl, clock, AddActionCommand(concern_id, "See her tutor")))
    for agency in (Agency.LOCAL_AUTHORITY, Agency.HEALTH):
        command = ReferCommand(concern_id, agency, "She is hit at home.", Consent.OBTAINED)
        act(lambda session, command=command: refer(session, dsl, clock, command))  # type: ignore[misc]
    with system_database.read() as reading:
        referrals = reading.scalars(
            text("SELECT id FROM referral WHERE concern_id = :id ORDER BY referred_at"), {"id": concern_id}
        ).all()
    # The later referral is answered as of before the earlier one: the first of the times is not the first told.
    early = clock.now() + timedelta(minutes=1)
    for referral_id, outcome_at in ((referrals[0], None), (referrals[1], early)):
        answer = RecordOutcomeCommand(referral_id, Decision.ACCEPTED, "Taken on.", outcome_at)
        act(lambda session, answer=answer: record_outcome(session, dsl, clock, answer))  # type: ignore[misc]
    act(lambda session: close_concern(session, dsl, clock, closing))
    act(
        lambda session: reopen_concern(
            session, dsl, clock, ReopenConcernCommand(concern_id, "She came back.")
        )
    )
    act(lambda session: close_concern(session, dsl, clock, closing))
    return made.event_id


def play_ended_alert(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, school: School
) -> UUID:
    """An alert that was acknowledged and ended without further action; the event's id."""
    made = _play_alert(system_database, keyring, school, clock)
    clock.advance(minutes=7)
    with database.write(school.dsl.database_scope()) as session:
        acknowledge(session, school.dsl, clock, alert_id=made.alert_id)
        clock.advance(minutes=7)
        no_further_action(session, school.dsl, clock, alert_id=made.alert_id, reason="It was her essay.")
    return made.event_id


def play_dismissal(system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy) -> UUID:
    """An event in which a moderator saw no risk; its id."""
    now = clock.now()
    event_id = queue_event(system_database, keyring, academy, received_at=now)
    moderator = make_staff(system_database, Role.MODERATOR)
    dismissal_id, at = uuid4(), now + timedelta(minutes=9)
    values = {
        "id": dismissal_id,
        "event": event_id,
        "trust": academy.trust_id,
        "academy": academy.id,
        "moderator": moderator.id,
        "at": at,
    }
    with system_database.write() as session:
        session.execute(
            text(
                "INSERT INTO dismissal VALUES (:id, :event, :trust, :academy, :moderator, 'coursework', :at)"
            ),
            values,
        )
        session.execute(
            text("UPDATE review_item SET state = 'dismissed', decided_at = :at WHERE event_id = :event"),
            values,
        )
        announce(session, EventReceived(event_id, academy.trust_id, academy.id, now, now))
        announce(session, EventDismissed(event_id, dismissal_id, academy.trust_id, academy.id, at))
    return event_id


def play_sent_unreviewed(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    academy: Academy,
    *,
    severity: Severity | None,
) -> UUID:
    """An event that went out unreviewed and was graded later, or dismissed where no level is given; its id."""
    received_at = clock.now()
    event_id, _ = send_unreviewed(system_database, clock, keyring, academy)
    with system_database.write() as session:
        announce(session, EventReceived(event_id, academy.trust_id, academy.id, received_at, received_at))
    clock.advance(minutes=3)
    decide_event((database, system_database), clock, keyring, academy, event_id, severity=severity)
    clock.advance(minutes=1)
    with system_database.write() as session:
        attach_review(session, clock, event_id)
    return event_id


def _play_alert(system_database: Database, keyring: Keyring, school: School, clock: FakeClock) -> MadeAlert:
    """What the rooms before the record do, with their Messages; ten minutes pass."""
    now, academy = clock.now(), school.academy
    made = make_alert(system_database, keyring, academy, student_id=school.student_id, received_at=now)
    raised_at, claimed_at, told_at = (now + timedelta(minutes=minutes) for minutes in (5, 3, 6))
    trust_id, event_id = academy.trust_id, made.event_id
    messages: list[Message] = [
        EventReceived(event_id, trust_id, academy.id, now, now),
        EventClaimed(event_id, trust_id, academy.id, claimed_at),
        EventGraded(event_id, made.grade_id, trust_id, academy.id, raised_at),
        AlertRaised(made.alert_id, event_id, trust_id, academy.id, raised_at, now + timedelta(minutes=65)),
        AlertTold(made.alert_id, event_id, trust_id, academy.id, told_at),
    ]
    with system_database.write() as session:
        session.execute(
            text("UPDATE review_item SET claimed_at = :at WHERE event_id = :id"),
            {"at": claimed_at, "id": event_id},
        )
        session.execute(
            text("UPDATE alert SET told_at = :at, state = 'told' WHERE id = :id"),
            {"at": told_at, "id": made.alert_id},
        )
        for message in messages:
            announce(session, message)
    clock.advance(minutes=10)
    return made


def write_times(
    system_database: Database, academy: Academy, *, severity: int | None = 4, **times: datetime | None
) -> UUID:
    """One row of the read model with exactly these times; its event's id."""
    event_id = uuid4()
    columns = ", ".join(["event_id", "trust_id", "academy_id", "severity", *times])
    values = ", ".join(
        [":event_id", ":trust_id", ":academy_id", ":severity", *(f":{name}" for name in times)]
    )
    assert set(times) <= set(COLUMNS)
    with system_database.write() as session:
        session.execute(
            text(f"INSERT INTO response_time ({columns}) VALUES ({values})"),
            {
                "event_id": event_id,
                "trust_id": academy.trust_id,
                "academy_id": academy.id,
                "severity": severity,
                **times,
            },
        )
    return event_id


def minutes(number: float, *, start: datetime = MONDAY) -> datetime:
    """So many minutes after Monday morning, or after ``start``."""
    return start + timedelta(minutes=number)
