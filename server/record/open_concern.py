"""Takes an Alert into a Student's record as a Concern. Whoever records an Alert has thereby acknowledged it."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from server.access.scope import Actor
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import NotFoundError
from server.kit.outbox import announce
from server.notification.acknowledge import acknowledge
from server.record.domain import AlertClosedError, AlreadyRecordedError, StudentRequiredError, check_text
from server.record.messages import ConcernOpened
from server.record.repository import find_concern_of_alert, find_student
from server.record.tables import ConcernRow
from server.routing.domain import AlertState, AlertStep, after
from server.routing.repository import find_alert
from server.routing.tables import AlertRow
from shared.ids import ConcernId, StudentId


@dataclass(frozen=True, slots=True)
class OpenConcernCommand:
    """``student_id`` may be left out where the Alert names a Student; given, it is whose record this enters."""

    alert_id: UUID
    summary: str
    student_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OpenedConcern:
    """Where to look for it."""

    concern_id: ConcernId
    student_id: StudentId


def open_concern(
    session: WriteSession, actor: Actor, clock: Clock, command: OpenConcernCommand
) -> OpenedConcern:
    """The Concern of the Alert. Asked again by the same person in the same words, it is the same Concern.

    Raises NotFoundError, StudentRequiredError, AlertClosedError, and AlreadyRecordedError when somebody
    recorded it otherwise.
    """
    summary = check_text(command.summary)
    alert = find_alert(session, command.alert_id, lock=True)
    if alert is None:
        raise NotFoundError("There is no such alert.")
    existing = find_concern_of_alert(session, alert.id)
    if existing is not None:
        return _same_again(existing, actor, summary, command.student_id)
    if alert.state == AlertState.NO_FURTHER_ACTION:
        raise AlertClosedError("This alert was ended without further action.")
    student_id = _student_of(session, alert, command.student_id)
    if alert.acknowledged_at is None:
        acknowledge(session, actor, clock, alert_id=alert.id)
    concern = _insert(session, actor, clock, alert=alert, student_id=student_id, summary=summary)
    return OpenedConcern(ConcernId(concern.id), StudentId(student_id))


def _same_again(existing: ConcernRow, actor: Actor, summary: str, student_id: UUID | None) -> OpenedConcern:
    is_same = existing.recorded_by == actor.staff_id and existing.summary == summary
    if not is_same or student_id not in (None, existing.student_id):
        raise AlreadyRecordedError(f"This alert is in the record already, as concern {existing.id}.")
    return OpenedConcern(ConcernId(existing.id), StudentId(existing.student_id))


def _student_of(session: WriteSession, alert: AlertRow, chosen: UUID | None) -> UUID:
    """Whose record it enters: whom the DSL names, else whom the account named. Always of the same Academy."""
    student_id = chosen or alert.student_id
    if student_id is None:
        raise StudentRequiredError("The device could not say whose account this was: choose the student.")
    student = find_student(session, student_id)
    if student is None or student.academy_id != alert.academy_id:
        raise NotFoundError("There is no such student at this academy.")
    return student_id


def _insert(
    session: WriteSession, actor: Actor, clock: Clock, *, alert: AlertRow, student_id: UUID, summary: str
) -> ConcernRow:
    now = clock.now()
    concern = ConcernRow(
        id=uuid4(),
        academy_id=alert.academy_id,
        trust_id=alert.trust_id,
        student_id=student_id,
        alert_id=alert.id,
        category=alert.category,
        theme=alert.theme,
        severity=alert.severity,
        summary=summary,
        occurred_at=alert.occurred_at,
        recorded_at=now,
        recorded_by=actor.staff_id,
    )
    session.add(concern)
    # By now it is acknowledged, whoever did it.
    alert.state = after(AlertState.ACKNOWLEDGED, AlertStep.RECORD).value
    alert.recorded_at = now
    alert.next_chase_at = None
    if alert.student_id is None:
        alert.student_id = student_id
    session.flush()
    write_audit(
        session,
        actor,
        verb="opened_concern",
        subject_kind="concern",
        subject_id=concern.id,
        trust_id=concern.trust_id,
        academy_id=concern.academy_id,
        details={"alert_id": str(alert.id), "student_id": str(student_id)},
    )
    announce(
        session,
        ConcernOpened(
            concern_id=concern.id,
            alert_id=alert.id,
            event_id=alert.event_id,
            trust_id=concern.trust_id,
            academy_id=concern.academy_id,
            recorded_at=now,
        ),
    )
    return concern
