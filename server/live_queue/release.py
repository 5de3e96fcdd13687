"""Puts events back into the queue: handed back by their holder, or left until the lease ran out."""

from uuid import UUID

from server.access.scope import Actor
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.outbox import announce
from server.live_queue.domain import lost
from server.live_queue.messages import EventReleased
from server.live_queue.repository import put_back, put_back_ended, standing_of


def release(session: WriteSession, actor: Actor, clock: Clock, *, event_id: UUID, token: UUID) -> None:
    """Hand it back. Raises ClaimLostError when ``token`` does not hold any more."""
    moved = put_back(session, actor, event_id, token=token)
    if moved is None:
        raise lost(standing_of(session, actor, event_id))
    announce(session, EventReleased(moved.event_id, moved.trust_id, moved.academy_id, clock.now()))


def reap(session: WriteSession, clock: Clock) -> int:
    """Hand back every event whose lease has ended; how many. Doing it twice changes nothing."""
    now = clock.now()
    ended = put_back_ended(session, now=now)
    for moved in ended:
        announce(session, EventReleased(moved.event_id, moved.trust_id, moved.academy_id, now))
    return len(ended)
