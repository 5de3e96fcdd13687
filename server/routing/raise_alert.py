"""Turns a graded Event into an Alert under its academy, with the time by which somebody must answer.

May be called any number of times for one event: there is one alert, announced once. Where one went out
unreviewed before, the grade joins it. Carries no text.
"""

from datetime import timedelta
from uuid import UUID

from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.outbox import announce
from server.routing.attach_review import attach_review
from server.routing.domain import acknowledge_due_at
from server.routing.messages import AlertRaised
from server.routing.repository import (
    find_alert_id,
    find_graded,
    insert_alert,
    list_unrouted,
    list_verdicts_unheard,
)
from shared.ids import AlertId
from shared.taxonomy import Severity

LOST_TASK_AFTER = timedelta(seconds=10)
"""A task that has not run by then is taken as lost; the scan does its work."""
HEALED_WITHIN = timedelta(days=14)


def raise_alert(session: WriteSession, clock: Clock, event_id: UUID) -> AlertId | None:
    """The alert of this event, new or not; None if the event has no Grade."""
    graded = find_graded(session, event_id)
    if graded is None:
        return None
    now = clock.now()
    due_at = acknowledge_due_at(Severity(graded.severity), now)
    alert_id = insert_alert(
        session,
        graded,
        raised_at=now,
        acknowledge_due_at=due_at,
        # If nobody has been told by then, the chase tells.
        next_chase_at=now + LOST_TASK_AFTER,
    )
    if alert_id is None:
        attach_review(session, clock, event_id)
        found = find_alert_id(session, event_id)
        return AlertId(found) if found else None
    announce(session, AlertRaised(alert_id, event_id, graded.trust_id, graded.academy_id, now, due_at))
    return AlertId(alert_id)


def raise_missing(session: WriteSession, clock: Clock) -> int:
    """Raise what a lost task left unraised, and bring verdicts to those that wait for one; how many."""
    now = clock.now()
    missing = list_unrouted(session, since=now - HEALED_WITHIN, until=now - LOST_TASK_AFTER)
    for event_id in missing:
        raise_alert(session, clock, event_id)
    unheard = list_verdicts_unheard(session, until=now - LOST_TASK_AFTER)
    for event_id in unheard:
        attach_review(session, clock, event_id)
    return len(missing) + len(unheard)
