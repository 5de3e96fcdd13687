"""Reads alerts as a DSL sees them: the list, and one opened with its text. Opening is an AuditEntry.

Row-level security decides which alerts exist for the reader. These queries show names and text: only
the doors of this room may use them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.access.scope import Actor
from server.audit.write import write_audit
from server.evidence.view import open_body, open_message
from server.kit.db import WriteSession
from server.kit.errors import NotFoundError
from server.kit.sealing import Keyring
from server.routing.domain import OPEN_STATES
from shared.event import EventBody

LISTED = 500

_LINE = """
SELECT a.id AS alert_id, a.academy_id, c.name AS academy_name, a.category, a.theme, a.severity, a.state,
       a.occurred_at, a.raised_at, a.told_at, a.acknowledged_at, a.acknowledge_due_at, a.closed_at,
       a.closed_reason, a.grade_id IS NULL AND a.dismissal_reason IS NULL AS is_unreviewed, a.unreviewed_severity,
       a.reviewed_at, a.dismissal_reason, s.display_name AS acknowledged_by_name,
       p.id AS student_id, p.given_name || ' ' || p.family_name AS student_name, p.year_group
FROM alert AS a
JOIN academy AS c ON c.id = a.academy_id
LEFT JOIN staff AS s ON s.id = a.acknowledged_by
LEFT JOIN student AS p ON p.id = a.student_id
"""
# Unanswered first, then by gravity, then the newest.
_LIST = text(
    _LINE
    + "WHERE a.state = ANY (:states)"
    + " ORDER BY a.acknowledged_at IS NOT NULL, a.severity DESC, a.raised_at DESC, a.id LIMIT :listed"
)
_ONE = text(_LINE + "WHERE a.id = :alert_id")
# The concern belongs to a later room; its id is only passed on, so that the page can lead there.
_REST = text(
    """
SELECT a.event_id, a.trust_id, g.message, g.subject_role, g.authenticity, g.immediacy, g.call_required,
       g.call_reason, e.evidence_sha256 IS NOT NULL AS has_screenshot,
       EXISTS (SELECT 1 FROM evidence AS v WHERE v.event_id = a.event_id) AS screenshot_arrived,
       (SELECT k.id FROM concern AS k WHERE k.alert_id = a.id) AS concern_id,
       (SELECT count(*) FROM alert AS b WHERE b.student_id = a.student_id AND b.occurred_at < a.occurred_at)
         AS events_before
FROM alert AS a
LEFT JOIN grade AS g ON g.id = a.grade_id
JOIN event AS e ON e.id = a.event_id
WHERE a.id = :alert_id
"""
)
_NOTICES = text(
    """
SELECT s.display_name AS staff_name, n.channel, n.kind, n.state, n.sent_at, n.step, n.attempts, n.error_code
FROM notice AS n LEFT JOIN staff AS s ON s.id = n.staff_id
WHERE n.alert_id = :alert_id ORDER BY n.step, n.created_at, s.display_name
"""
)


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One line of the list."""

    alert_id: UUID
    academy_id: UUID
    academy_name: str
    category: str
    theme: str
    severity: int
    state: str
    occurred_at: datetime
    raised_at: datetime
    told_at: datetime | None
    acknowledged_at: datetime | None
    acknowledge_due_at: datetime | None
    closed_at: datetime | None
    closed_reason: str | None
    is_unreviewed: bool
    unreviewed_severity: int | None
    reviewed_at: datetime | None
    dismissal_reason: str | None
    acknowledged_by_name: str | None
    student_id: UUID | None
    student_name: str | None
    year_group: int | None


@dataclass(frozen=True, slots=True)
class AlertRest:
    """What only an opened alert shows, besides its text."""

    event_id: UUID
    trust_id: UUID
    message: bytes | None
    """Sealed; it and the facets are missing where no moderator has graded."""
    subject_role: str | None
    authenticity: str | None
    immediacy: str | None
    call_required: bool | None
    call_reason: str | None
    has_screenshot: bool
    screenshot_arrived: bool
    concern_id: UUID | None
    events_before: int


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One attempt to tell somebody. The name is missing where the reader may not know that person."""

    staff_name: str | None
    channel: str
    kind: str
    state: str
    sent_at: datetime | None
    step: int
    attempts: int
    error_code: str | None


@dataclass(frozen=True, slots=True)
class OpenedAlert:
    """An alert as the DSL reads it."""

    line: AlertLine
    rest: AlertRest
    body: EventBody
    message: str
    notices: Sequence[NoticeLine]


def list_alerts(session: Session, *, states: Sequence[str]) -> list[AlertLine]:
    """Alerts in these states, unanswered and grave ones first."""
    rows = session.execute(_LIST, {"states": list(states), "listed": LISTED}).mappings()
    return [AlertLine(**row) for row in rows]


def open_states() -> list[str]:
    """The states of alerts that still wait for something."""
    return [state.value for state in OPEN_STATES]


def open_alert(session: WriteSession, actor: Actor, *, keyring: Keyring, alert_id: UUID) -> OpenedAlert:
    """One alert with its text. Raises NotFoundError outside the actor's scope, ShreddedError."""
    line = session.execute(_ONE, {"alert_id": alert_id}).mappings().one_or_none()
    rest = session.execute(_REST, {"alert_id": alert_id}).mappings().one_or_none()
    if line is None or rest is None:
        raise NotFoundError("There is no such alert.")
    found = AlertRest(**rest)
    opened = OpenedAlert(
        AlertLine(**line),
        found,
        open_body(session, keyring, found.event_id),
        open_message(session, keyring, found.event_id, found.message) if found.message is not None else "",
        [NoticeLine(**row) for row in session.execute(_NOTICES, {"alert_id": alert_id}).mappings()],
    )
    write_audit(
        session,
        actor,
        verb="read_alert",
        subject_kind="alert",
        subject_id=alert_id,
        trust_id=found.trust_id,
        academy_id=opened.line.academy_id,
        details={"event_id": str(found.event_id)},
    )
    return opened
