"""Gives a moderator an event to review: the most urgent one nobody holds, or one by its id.

Two moderators can never get the same: the choice and the change are one statement.
"""

from uuid import UUID

from server.access.scope import Actor
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.outbox import announce
from server.live_queue.domain import LEASE, Claim, held
from server.live_queue.messages import EventClaimed
from server.live_queue.release import reap
from server.live_queue.repository import Taken, standing_of, take_best, take_one


def claim(session: WriteSession, actor: Actor, clock: Clock) -> Claim | None:
    """The next event of the actor's trusts, held for LEASE; None if nothing waits.

    When nothing waits, leases that ended are handed back here too, so a scan that stands still cannot
    hide the last events.
    """
    now = clock.now()
    taken = take_best(session, actor, now=now, expires_at=now + LEASE)
    if taken is None and reap(session, clock):
        taken = take_best(session, actor, now=now, expires_at=now + LEASE)
    return _announced(session, clock, taken) if taken else None


def claim_event(session: WriteSession, actor: Actor, clock: Clock, event_id: UUID) -> Claim:
    """This event, held for LEASE. Raises ClaimHeldError or NotInQueueError.

    Whoever holds it already gets a fresh token, so that a reloaded page keeps its event and an old tab
    cannot write any more.
    """
    now = clock.now()
    taken = take_one(session, actor, event_id, now=now, expires_at=now + LEASE)
    if taken is None:
        raise held(standing_of(session, actor, event_id))
    return _announced(session, clock, taken)


def _announced(session: WriteSession, clock: Clock, taken: Taken) -> Claim:
    announce(session, EventClaimed(taken.event_id, taken.trust_id, taken.academy_id, clock.now()))
    return Claim(taken.event_id, taken.claim_token, taken.claim_expires_at)
