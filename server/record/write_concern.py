"""A Concern that a member of staff writes by hand, without an Alert before it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from server.access.scope import Actor
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import NotFoundError
from server.kit.outbox import announce
from server.record.domain import check_not_in_future, check_text, check_words
from server.record.messages import ConcernOpened
from server.record.repository import find_student
from server.record.tables import ConcernRow
from shared.ids import ConcernId
from shared.taxonomy import Category, Severity, Theme


@dataclass(frozen=True, slots=True)
class WriteConcernCommand:
    """What was seen or heard. ``occurred_at`` is when it happened, not when it is written."""

    student_id: UUID
    category: Category
    theme: Theme
    severity: Severity
    summary: str
    occurred_at: datetime


def write_concern(
    session: WriteSession, actor: Actor, clock: Clock, command: WriteConcernCommand
) -> ConcernId:
    """The new Concern. Raises NotFoundError, and InvalidError for words that do not belong together."""
    now = clock.now()
    summary = check_text(command.summary)
    check_words(command.category, command.theme)
    check_not_in_future(command.occurred_at, now)
    student = find_student(session, command.student_id)
    if student is None:
        raise NotFoundError("There is no such student.")
    concern = ConcernRow(
        id=uuid4(),
        academy_id=student.academy_id,
        trust_id=student.trust_id,
        student_id=student.id,
        alert_id=None,
        category=command.category.value,
        theme=command.theme.value,
        severity=command.severity.value,
        summary=summary,
        occurred_at=command.occurred_at,
        recorded_at=now,
        recorded_by=actor.staff_id,
    )
    session.add(concern)
    session.flush()
    write_audit(
        session,
        actor,
        verb="wrote_concern",
        subject_kind="concern",
        subject_id=concern.id,
        trust_id=concern.trust_id,
        academy_id=concern.academy_id,
        details={"student_id": str(student.id)},
    )
    announce(
        session,
        ConcernOpened(
            concern_id=concern.id,
            alert_id=None,
            event_id=None,
            trust_id=concern.trust_id,
            academy_id=concern.academy_id,
            recorded_at=now,
        ),
    )
    return ConcernId(concern.id)
