"""Every query of routing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Row, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from server.evidence.tables import EventRow
from server.kit.db import WriteSession
from server.moderation.tables import DismissalRow, GradeRow
from server.routing.domain import AlertState
from server.routing.tables import AlertRow
from shared.taxonomy import Theme

# Whoever decides at this moment holds the item's row: that deadline is left for the next look, and by
# then the decision stands. What is decided already only loses its deadline.
_DUE = text(
    """
SELECT d.due_at, r.event_id, r.trust_id, r.academy_id, r.state IN ('queued', 'claimed') AS is_undecided,
       e.student_id, e.theme, e.severity, e.occurred_at
FROM review_deadline AS d
JOIN review_item AS r ON r.event_id = d.event_id
JOIN event AS e ON e.id = d.event_id
WHERE d.due_at <= :now
ORDER BY e.severity DESC, d.due_at, d.event_id LIMIT :limit FOR UPDATE OF d, r SKIP LOCKED
"""
)
_FORGET = text(
    "DELETE FROM review_deadline AS d USING unnest(CAST(:due AS timestamptz[]), CAST(:ids AS uuid[])) AS past (at, id)"
    " WHERE d.due_at = past.at AND d.event_id = past.id"
)


@dataclass(frozen=True, slots=True)
class AlertMatter:
    """What an alert is made from. Without a grade, category, theme and severity are the device's guess."""

    event_id: UUID
    grade_id: UUID | None
    trust_id: UUID
    academy_id: UUID
    student_id: UUID | None
    category: str
    theme: str
    severity: int
    occurred_at: datetime


def find_graded(session: Session, event_id: UUID) -> AlertMatter | None:
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
    return AlertMatter(*row) if row else None


def find_dismissal_reason(session: Session, event_id: UUID) -> str | None:
    """Why a moderator dismissed the event, or None."""
    return session.execute(
        select(DismissalRow.reason).where(DismissalRow.event_id == event_id)
    ).scalar_one_or_none()


def take_overdue(session: WriteSession, now: datetime, limit: int) -> list[AlertMatter]:
    """Events whose time for a decision has run out undecided, gravest first, each taken once and locked."""
    rows = session.execute(_DUE, {"now": now, "limit": limit}).all()
    session.execute(_FORGET, {"due": [row.due_at for row in rows], "ids": [row.event_id for row in rows]})
    return [
        AlertMatter(
            row.event_id,
            None,
            row.trust_id,
            row.academy_id,
            row.student_id,
            Theme(row.theme).category.value,
            row.theme,
            row.severity,
            row.occurred_at,
        )
        for row in rows
        if row.is_undecided
    ]


def insert_alert(
    session: WriteSession,
    matter: AlertMatter,
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
            event_id=matter.event_id,
            grade_id=matter.grade_id,
            unreviewed_severity=matter.severity if matter.grade_id is None else None,
            academy_id=matter.academy_id,
            trust_id=matter.trust_id,
            student_id=matter.student_id,
            category=matter.category,
            theme=matter.theme,
            severity=matter.severity,
            state=AlertState.RAISED.value,
            occurred_at=matter.occurred_at,
            raised_at=raised_at,
            acknowledge_due_at=acknowledge_due_at,
            next_chase_at=next_chase_at,
            chase_step=0,
            chase_base=0,
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


def lock_unreviewed(session: WriteSession, event_id: UUID) -> AlertRow | None:
    """The alert of this event, locked, if it still waits for a verdict."""
    statement = select(AlertRow).where(
        AlertRow.event_id == event_id, AlertRow.grade_id.is_(None), AlertRow.dismissal_reason.is_(None)
    )
    return session.execute(statement.with_for_update()).scalar_one_or_none()


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


def list_verdicts_unheard(session: Session, *, until: datetime, limit: int = 200) -> Sequence[UUID]:
    """Events decided before ``until`` whose unreviewed alert has not heard of it."""
    statement = (
        select(AlertRow.event_id)
        .outerjoin(GradeRow, GradeRow.event_id == AlertRow.event_id)
        .outerjoin(DismissalRow, DismissalRow.event_id == AlertRow.event_id)
        .where(
            AlertRow.grade_id.is_(None),
            AlertRow.dismissal_reason.is_(None),
            (GradeRow.graded_at <= until) | (DismissalRow.dismissed_at <= until),
        )
        .limit(limit)
    )
    return session.execute(statement).scalars().all()


def close_alert(
    session: WriteSession, alert_id: UUID, *, state: AlertState, reason: str, at: datetime
) -> None:
    """Write the end of an alert whose row the session has locked."""
    session.execute(
        update(AlertRow)
        .where(AlertRow.id == alert_id)
        .values(state=state.value, closed_at=at, closed_reason=reason, next_chase_at=None)
    )
