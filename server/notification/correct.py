"""Tells those who were told of an unreviewed Alert that a moderator's verdict is another.

Happens once for an Alert, whatever task or scan comes first. Where nobody has answered yet, the chase
begins anew under the new level; an Alert that was withdrawn is chased no more.
"""

from uuid import UUID

from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.notification.domain import NoticeKind
from server.notification.repository import insert_notices, list_told, lock_corrections
from server.notification.tell import climb
from server.routing.domain import UNANSWERED_STATES, AlertState
from server.routing.repository import find_alert
from server.routing.tables import AlertRow


def correct(session: WriteSession, clock: Clock, alert_id: UUID) -> None:
    """Write the corrections of one Alert, if any are due."""
    alert = find_alert(session, alert_id, lock=True)
    if alert is not None and alert.correction_due_at is not None:
        _correct(session, clock, alert)


def correct_due(session: WriteSession, clock: Clock) -> int:
    """Write every correction that is due; of how many Alerts. What another process does is left to it."""
    due = lock_corrections(session, clock.now())
    for alert in due:
        _correct(session, clock, alert)
    return len(due)


def _correct(session: WriteSession, clock: Clock, alert: AlertRow) -> None:
    now, step = clock.now(), alert.chase_step
    alert.correction_due_at = None
    # A notice that nobody has tried to send yet will have the verdict in it: there is nothing to correct.
    told = list_told(session, alert.id)
    insert_notices(session, alert, told, step=step + 1, at=now, kind=NoticeKind.CORRECTION)
    if AlertState(alert.state) not in UNANSWERED_STATES:
        alert.chase_step = step + 1
        session.flush()
    elif step > 0:
        # The new ladder's first step is the correction's own: nobody gets two mails for it.
        alert.chase_from, alert.chase_base = now, step
        session.flush()
        climb(session, clock, alert)
