"""A DSL or deputy says "I have it", from the page or through a mail's link. The first to say so has it.

Saying it again changes nothing. Opening a link never acknowledges: link scanners open links.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from server.access.scope import Actor
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import NotFoundError
from server.kit.outbox import announce
from server.kit.sealing import Keyring
from server.notification.acknowledge_link import read_token
from server.notification.messages import AlertAcknowledged
from server.notification.repository import find_alert_of_notice, write_acknowledgement
from server.organisation.repository import find_staff
from server.routing.domain import AlertState, AlertStep, after
from server.routing.repository import find_alert
from shared.ids import AlertId


class Via(StrEnum):
    """How it was said; the database checks the same words."""

    LINK = "link"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Who has the Alert. ``is_mine``: whether that is who asked."""

    alert_id: AlertId
    acknowledged_at: datetime
    by_name: str | None
    is_mine: bool


def acknowledge(
    session: WriteSession, actor: Actor, clock: Clock, *, alert_id: UUID, via: Via = Via.PAGE
) -> Acknowledged:
    """Acknowledge for the actor, or say who did before. Raises NotFoundError outside the actor's scope."""
    alert = find_alert(session, alert_id, lock=True)
    if alert is None:
        raise NotFoundError("There is no such alert.")
    if alert.acknowledged_at is not None and alert.acknowledged_by is not None:
        by = find_staff(session, alert.acknowledged_by)
        return Acknowledged(
            AlertId(alert.id),
            alert.acknowledged_at,
            by.display_name if by else None,
            alert.acknowledged_by == actor.staff_id,
        )
    after(AlertState(alert.state), AlertStep.ACKNOWLEDGE)
    now = clock.now()
    write_acknowledgement(session, alert, staff_id=actor.staff_id, via=via.value, at=now)
    write_audit(
        session,
        actor,
        verb="acknowledged",
        subject_kind="alert",
        subject_id=alert.id,
        trust_id=alert.trust_id,
        academy_id=alert.academy_id,
        details={"via": via.value},
    )
    announce(session, AlertAcknowledged(alert.id, alert.event_id, alert.trust_id, alert.academy_id, now))
    return Acknowledged(AlertId(alert.id), now, actor.display_name, True)


def acknowledge_by_link(
    session: WriteSession, actor: Actor, clock: Clock, *, keyring: Keyring, token: str
) -> Acknowledged:
    """The same for the Alert of a mail's link. Raises LinkError, or NotFoundError outside the scope."""
    notice_id = read_token(keyring, token, now=clock.now())
    alert_id = find_alert_of_notice(session, notice_id)
    if alert_id is None:
        raise NotFoundError("There is no such alert.")
    return acknowledge(session, actor, clock, alert_id=alert_id, via=Via.LINK)
