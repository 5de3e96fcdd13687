"""Keeps a Claim alive while its moderator is at work on it."""

from datetime import datetime
from uuid import UUID

from server.access.scope import Actor
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.live_queue.domain import LEASE, lost
from server.live_queue.repository import extend, standing_of


def heartbeat(session: WriteSession, actor: Actor, clock: Clock, *, event_id: UUID, token: UUID) -> datetime:
    """The new end of the Claim. Raises ClaimLostError when ``token`` does not hold any more.

    A beat that comes late is still good as long as nobody else has taken the event.
    """
    expires_at = extend(session, actor, event_id, token=token, expires_at=clock.now() + LEASE)
    if expires_at is None:
        raise lost(standing_of(session, actor, event_id))
    return expires_at
