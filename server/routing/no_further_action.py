"""Ends an acknowledged Alert without taking it into a record. The reason stays with it."""

from uuid import UUID

from server.access.scope import Actor
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import NotFoundError
from server.kit.outbox import announce
from server.routing.domain import AlertState, AlertStep, after, check_reason
from server.routing.messages import AlertClosed
from server.routing.repository import close_alert, find_alert


def no_further_action(
    session: WriteSession, actor: Actor, clock: Clock, *, alert_id: UUID, reason: str
) -> None:
    """Raises NotFoundError, ReasonError, or ImpossibleAlertStepError unless acknowledged and still open."""
    kept = check_reason(reason)
    alert = find_alert(session, alert_id, lock=True)
    if alert is None:
        raise NotFoundError("There is no such alert.")
    state = after(AlertState(alert.state), AlertStep.END)
    now = clock.now()
    close_alert(session, alert_id, state=state, reason=kept, at=now)
    write_audit(
        session,
        actor,
        verb="ended_alert",
        subject_kind="alert",
        subject_id=alert_id,
        trust_id=alert.trust_id,
        academy_id=alert.academy_id,
    )
    announce(session, AlertClosed(alert_id, alert.event_id, alert.trust_id, alert.academy_id, now))
