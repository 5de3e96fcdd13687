"""Every query of telling, chasing and acknowledging."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import and_, exists, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from server.kit.db import WriteSession
from server.notification.domain import ATTEMPTS, NoticeKind, back_off
from server.notification.tables import AcknowledgementRow, NoticeRow
from server.routing.domain import UNANSWERED_STATES, AlertState
from server.routing.tables import AlertRow

EMAIL = "email"
UNANSWERED = tuple(state.value for state in UNANSWERED_STATES)

_LEASED = text(
    """
SELECT n.id AS notice_id, n.alert_id, n.kind, n.step, n.attempts, s.email, s.display_name, c.name AS academy_name,
       a.severity, a.acknowledge_due_at, a.unreviewed_severity, a.dismissal_reason,
       a.grade_id IS NULL AND a.dismissal_reason IS NULL AS is_unreviewed,
       a.state NOT IN ('raised', 'told') AS is_answered,
       EXISTS (SELECT 1 FROM appointment AS p WHERE p.staff_id = n.staff_id AND p.academy_id = n.academy_id
               AND p.role IN ('dsl', 'deputy_dsl')) AS keeps_records
FROM notice AS n
JOIN alert AS a ON a.id = n.alert_id
JOIN staff AS s ON s.id = n.staff_id
JOIN academy AS c ON c.id = n.academy_id
WHERE n.id = :notice_id
"""
)
_NEXT = text(
    """
SELECT n.id, n.attempts FROM notice AS n JOIN alert AS a ON a.id = n.alert_id
WHERE n.state = 'pending' AND n.next_attempt_at <= :now
  AND (CAST(:alert_id AS uuid) IS NULL OR n.alert_id = CAST(:alert_id AS uuid))
ORDER BY a.severity DESC, n.next_attempt_at, n.id LIMIT 1 FOR UPDATE OF n SKIP LOCKED
"""
)


@dataclass(frozen=True, slots=True)
class LeasedNotice:
    """A notice that this process alone may send until its next attempt is due."""

    notice_id: UUID
    alert_id: UUID
    kind: str
    step: int
    attempts: int
    email: str
    display_name: str
    academy_name: str
    severity: int
    acknowledge_due_at: datetime | None
    unreviewed_severity: int | None
    dismissal_reason: str | None
    is_unreviewed: bool
    is_answered: bool
    """Somebody has the alert, or it has ended."""
    keeps_records: bool
    """Whether the reader may open the alert; a trust officer may not."""


def lock_due(session: WriteSession, now: datetime, limit: int = 100) -> list[AlertRow]:
    """Unanswered alerts whose time to chase has come, gravest first, locked; others' are left to them."""
    statement = (
        select(AlertRow)
        .where(
            AlertRow.acknowledged_at.is_(None),
            AlertRow.next_chase_at.is_not(None),
            AlertRow.next_chase_at <= now,
            AlertRow.correction_due_at.is_(None),
            AlertRow.state.in_(UNANSWERED),
        )
        .order_by(AlertRow.severity.desc(), AlertRow.next_chase_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.execute(statement).scalars())


def lock_corrections(session: WriteSession, now: datetime, limit: int = 100) -> list[AlertRow]:
    """Alerts of which a correction is due, locked; others' are left to them."""
    statement = (
        select(AlertRow)
        .where(AlertRow.correction_due_at.is_not(None), AlertRow.correction_due_at <= now)
        .order_by(AlertRow.correction_due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.execute(statement).scalars())


def list_told(session: Session, alert_id: UUID) -> list[UUID]:
    """Everybody to whom a mail about this alert has been sent, or may be on its way."""
    statement = (
        select(NoticeRow.staff_id)
        .where(
            NoticeRow.alert_id == alert_id,
            or_(NoticeRow.state == "sent", and_(NoticeRow.state == "pending", NoticeRow.attempts > 0)),
        )
        .distinct()
        .order_by(NoticeRow.staff_id)
    )
    return list(session.execute(statement).scalars())


def set_chase(session: WriteSession, alert_id: UUID, *, step: int, next_at: datetime | None) -> None:
    """Write how far the chase is and when it goes on."""
    session.execute(
        update(AlertRow).where(AlertRow.id == alert_id).values(chase_step=step, next_chase_at=next_at)
    )


def insert_notices(
    session: WriteSession,
    alert: AlertRow,
    staff_ids: Iterable[UUID],
    *,
    step: int,
    at: datetime,
    kind: NoticeKind = NoticeKind.ALERT,
) -> int:
    """One pending notice for each person at this step; how many are new."""
    values = [
        {
            "id": uuid4(),
            "alert_id": alert.id,
            "academy_id": alert.academy_id,
            "trust_id": alert.trust_id,
            "staff_id": staff_id,
            "channel": EMAIL,
            "kind": kind.value,
            "step": step,
            "state": "pending",
            "created_at": at,
            "attempts": 0,
            "next_attempt_at": at,
        }
        for staff_id in staff_ids
    ]
    if not values:
        return 0
    statement = insert(NoticeRow).values(values).on_conflict_do_nothing().returning(NoticeRow.id)
    return len(session.execute(statement).all())


def revive_failed(session: WriteSession, alert_id: UUID, *, at: datetime) -> None:
    """Try every failed notice of an alert afresh."""
    session.execute(
        update(NoticeRow)
        .where(NoticeRow.alert_id == alert_id, NoticeRow.state == "failed")
        .values(state="pending", attempts=0, next_attempt_at=at)
    )


def has_pending(session: Session, alert_id: UUID) -> bool:
    """Whether a notice of this alert is still being tried."""
    pending = exists().where(NoticeRow.alert_id == alert_id, NoticeRow.state == "pending")
    return bool(session.execute(select(pending)).scalar_one())


def lease_next(session: WriteSession, now: datetime, alert_id: UUID | None) -> LeasedNotice | None:
    """The next notice to send, counted as tried and moved forward so that nobody else sends it meanwhile."""
    values = {"now": now, "alert_id": alert_id}
    row = session.execute(_NEXT, values).one_or_none()
    if row is None:
        return None
    attempts = row.attempts + 1
    session.execute(
        update(NoticeRow)
        .where(NoticeRow.id == row.id)
        .values(attempts=attempts, next_attempt_at=now + back_off(attempts))
    )
    leased = session.execute(_LEASED, {"notice_id": row.id}).mappings().one()
    return LeasedNotice(**leased)


def mark_sent(session: WriteSession, notice_id: UUID, *, at: datetime) -> None:
    """The channel has it."""
    session.execute(
        update(NoticeRow)
        .where(NoticeRow.id == notice_id, NoticeRow.state != "sent")
        .values(state="sent", sent_at=at, error_code=None)
    )


def mark_tried(session: WriteSession, notice: LeasedNotice, *, code: str, is_final: bool) -> None:
    """The channel did not take it; after the last try it has failed for all to see."""
    state = "failed" if is_final or notice.attempts >= ATTEMPTS else "pending"
    session.execute(
        update(NoticeRow)
        .where(NoticeRow.id == notice.notice_id, NoticeRow.state == "pending")
        .values(state=state, error_code=code)
    )


def mark_told(session: WriteSession, alert_id: UUID, *, at: datetime) -> AlertRow | None:
    """Note the first time that somebody of the academy was told; None if that was before."""
    alert = session.execute(
        select(AlertRow).where(AlertRow.id == alert_id, AlertRow.told_at.is_(None)).with_for_update()
    ).scalar_one_or_none()
    if alert is None:
        return None
    alert.told_at = at
    if alert.state == AlertState.RAISED.value:
        alert.state = AlertState.TOLD.value
    session.flush()
    return alert


def find_alert_of_notice(session: Session, notice_id: UUID) -> UUID | None:
    """The alert a notice was about, if the session may see it."""
    return session.execute(select(NoticeRow.alert_id).where(NoticeRow.id == notice_id)).scalar_one_or_none()


def write_acknowledgement(
    session: WriteSession, alert: AlertRow, *, staff_id: UUID, via: str, at: datetime
) -> None:
    """Write who answered, on the alert and in the history. The session has locked the alert's row."""
    session.execute(
        update(AlertRow)
        .where(AlertRow.id == alert.id)
        .values(
            state=AlertState.ACKNOWLEDGED.value,
            acknowledged_at=at,
            acknowledged_by=staff_id,
            next_chase_at=None,
        )
    )
    session.add(
        AcknowledgementRow(
            alert_id=alert.id, academy_id=alert.academy_id, staff_id=staff_id, via=via, acknowledged_at=at
        )
    )
    session.flush()
