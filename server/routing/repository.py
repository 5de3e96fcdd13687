"""Every query of routing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from server.evidence.tables import EventRow
from server.kit.db import WriteSession
from server.moderation.tables import GradeRow
from server.routing.domain import AlertState
from server.routing.tables import AlertRow


@dataclass(frozen=True, slots=True)
class GradedEvent:
    """What an alert is made from."""

    event_id: UUID
    grade_id: UUID
    trust_id: UUID
    academy_id: UUID
    student_id: UUID | None
    category: str
    theme: str
    severity: int
    occurred_at: datetime


def find_graded(session: Session, event_id: UUID) -> GradedEvent | None:
    """The graded event, or None."""
    row: Row[UUID, UUID, UUID, UUID, UUID | None, str, str, int, datetime] | None = session.execute(
        select(
            GradeRow.event_id,
            GradeRow.id,
            GradeRow.trust_id,
            GradeRow.academy_id,
            EventRow.student_id,
            GradeRow.category,
            GradeRow.theme,
            GradeRow.severity,
            EventRow.occurred_at,
        )
        .join(EventRow, EventRow.id == GradeRow.event_id)
        .where(GradeRow.event_id == event_id)
    ).one_or_none()
    return GradedEvent(*row) if row else None


def insert_alert(
    session: WriteSession,
    graded: GradedEvent,
    *,
    raised_at: datetime,
    acknowledge_due_at: datetime | None,
    next_chase_at: datetime,
) -> UUID | None:
    """The new alert's id; None when this event has one already."""
    statement = (
        insert(AlertRow)
        .values(
            id=uuid4(),
            event_id=graded.event_id,
            grade_id=graded.grade_id,
            academy_id=graded.academy_id,
            trust_id=graded.trust_id,
            student_id=graded.student_id,
            category=graded.category,
            theme=graded.theme,
            severity=graded.severity,
            state=AlertState.RAISED.value,
            occurred_at=graded.occurred_at,
            raised_at=raised_at,
            acknowledge_due_at=acknowledge_due_at,
            next_chase_at=next_chase_at,
            chase_step=0,
        )
        .on_conflict_do_nothing()
        .returning(AlertRow.id)
    )
    return session.execute(statement).scalar_one_or_none()


def find_alert_id(session: Session, event_id: UUID) -> UUID | None:
    """The alert of an event."""
    return session.execute(select(AlertRow.id).where(AlertRow.event_id == event_id)).scalar_one_or_none()


def find_alert(session: Session, alert_id: UUID, *, lock: bool = False) -> AlertRow | None:
    """An alert that the session may see, for a change locked until its transaction ends."""
    statement = select(AlertRow).where(AlertRow.id == alert_id)
    return session.execute(statement.with_for_update() if lock else statement).scalar_one_or_none()


def list_unrouted(session: Session, *, since: datetime, until: datetime, limit: int = 200) -> list[UUID]:
    """Events graded in that time that have no alert."""
    statement = (
        select(GradeRow.event_id)
        .outerjoin(AlertRow, AlertRow.event_id == GradeRow.event_id)
        .where(GradeRow.graded_at.between(since, until), AlertRow.id.is_(None))
        .order_by(GradeRow.graded_at)
        .limit(limit)
    )
    return list(session.execute(statement).scalars())


def close_alert(
    session: WriteSession, alert_id: UUID, *, state: AlertState, reason: str, at: datetime
) -> None:
    """Write the end of an alert whose row the session has locked."""
    session.execute(
        update(AlertRow)
        .where(AlertRow.id == alert_id)
        .values(state=state.value, closed_at=at, closed_reason=reason, next_chase_at=None)
    )
