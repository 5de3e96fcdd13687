"""Sends to its school what nobody has decided in time, as it is: silence must never follow from our own delay.

The Alert says that no person has reviewed it. The Event stays in the queue; the verdict follows it.
"""

from datetime import timedelta

from server.audit.domain import SYSTEM
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.outbox import announce
from server.routing.domain import acknowledge_due_at
from server.routing.messages import AlertRaised, EventSentUnreviewed
from server.routing.repository import AlertMatter, insert_alert, take_overdue
from shared.taxonomy import Severity

AT_ONCE = 200
"""How many a single look sends; the next one comes within seconds, and the gravest go first."""
LOST_TASK_AFTER = timedelta(seconds=10)


def raise_unreviewed(session: WriteSession, clock: Clock) -> int:
    """Raise an Alert for every Event whose time has run out undecided; how many. Twice changes nothing."""
    overdue = take_overdue(session, clock.now(), AT_ONCE)
    return sum(_raise(session, clock, matter) for matter in overdue)


def _raise(session: WriteSession, clock: Clock, matter: AlertMatter) -> bool:
    now = clock.now()
    due_at = acknowledge_due_at(Severity(matter.severity), now)
    alert_id = insert_alert(
        session, matter, raised_at=now, acknowledge_due_at=due_at, next_chase_at=now + LOST_TASK_AFTER
    )
    if alert_id is None:
        return False
    whose = (alert_id, matter.event_id, matter.trust_id, matter.academy_id, now)
    write_audit(
        session,
        SYSTEM,
        verb="sent_unreviewed",
        subject_kind="event",
        subject_id=matter.event_id,
        trust_id=matter.trust_id,
        academy_id=matter.academy_id,
        details={"alert_id": str(alert_id), "severity": matter.severity},
    )
    announce(session, EventSentUnreviewed(*whose))
    announce(session, AlertRaised(*whose, due_at))
    return True
