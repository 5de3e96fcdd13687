"""Closes a claimed event in which a moderator saw no risk. Nobody is told; the reason is kept."""

from server.access.scope import Actor
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.outbox import announce
from server.live_queue.domain import ReviewState, lost
from server.live_queue.repository import decide, standing_of
from server.moderation.domain import DismissCommand
from server.moderation.messages import EventDismissed
from server.moderation.repository import insert_dismissal


def dismiss(session: WriteSession, actor: Actor, clock: Clock, *, command: DismissCommand) -> None:
    """Write the Dismissal. Raises ClaimLostError when the token does not hold any more."""
    now = clock.now()
    moved = decide(
        session,
        actor,
        command.event_id,
        token=command.claim_token,
        state=ReviewState.DISMISSED,
        now=now,
    )
    if moved is None:
        raise lost(standing_of(session, actor, command.event_id))
    dismissal_id = insert_dismissal(session, moved, command, moderator_id=actor.staff_id, at=now)
    write_audit(
        session,
        actor,
        verb="dismissed",
        subject_kind="event",
        subject_id=moved.event_id,
        trust_id=moved.trust_id,
        academy_id=moved.academy_id,
        details={"reason": command.reason.value},
    )
    announce(session, EventDismissed(moved.event_id, dismissal_id, moved.trust_id, moved.academy_id, now))
