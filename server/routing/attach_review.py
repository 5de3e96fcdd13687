"""Brings a moderator's verdict to the Alert that went out without one. There is never a second Alert.

Where the verdict says something else than the Alert did, a correction falls due: whoever was told hears
of it. An Alert that somebody at the academy has taken up stays theirs, whatever the verdict.
"""

from uuid import UUID

from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.outbox import announce
from server.routing.domain import (
    UNANSWERED_STATES,
    WITHDRAWN_REASON,
    AlertState,
    AlertStep,
    acknowledge_due_at,
    after,
)
from server.routing.messages import AlertClosed, AlertReviewed
from server.routing.repository import (
    AlertMatter,
    close_alert,
    find_dismissal_reason,
    find_graded,
    lock_unreviewed,
)
from server.routing.tables import AlertRow
from shared.taxonomy import Severity


def attach_review(session: WriteSession, clock: Clock, event_id: UUID) -> bool:
    """Whether an Alert heard its verdict now. Does nothing where none waits for one, or none exists."""
    alert = lock_unreviewed(session, event_id)
    if alert is None:
        return False
    graded = find_graded(session, event_id)
    reason = None if graded else find_dismissal_reason(session, event_id)
    if graded is not None:
        _grade(alert, graded, clock)
    elif reason is not None:
        _dismiss(session, alert, reason, clock)
    else:
        return False
    session.flush()
    announce(session, AlertReviewed(alert.id, event_id, alert.trust_id, alert.academy_id, clock.now()))
    return True


def _grade(alert: AlertRow, graded: AlertMatter, clock: Clock) -> None:
    now = clock.now()
    alert.grade_id, alert.reviewed_at = graded.grade_id, now
    alert.category, alert.theme = graded.category, graded.theme
    if alert.severity == graded.severity:
        return
    alert.severity, alert.correction_due_at = graded.severity, now
    if AlertState(alert.state) in UNANSWERED_STATES:
        alert.acknowledge_due_at = acknowledge_due_at(Severity(graded.severity), now)


def _dismiss(session: WriteSession, alert: AlertRow, reason: str, clock: Clock) -> None:
    now = clock.now()
    alert.dismissal_reason, alert.reviewed_at, alert.correction_due_at = reason, now, now
    if AlertState(alert.state) in UNANSWERED_STATES:
        state = after(AlertState(alert.state), AlertStep.WITHDRAW)
        session.flush()
        close_alert(session, alert.id, state=state, reason=WITHDRAWN_REASON, at=now)
        announce(session, AlertClosed(alert.id, alert.event_id, alert.trust_id, alert.academy_id, now))
