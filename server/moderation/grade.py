"""Turns a moderator's judgement of a claimed event into a Grade that the school will be told of.

The fencing token is checked in the statement that closes the event: a moderator whose hold was lost
changes nothing at all.
"""

from server.access.scope import Actor
from server.audit.write import write_audit
from server.evidence.view import seal_message
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.outbox import announce
from server.kit.sealing import Keyring
from server.live_queue.domain import ReviewState, lost
from server.live_queue.repository import decide, standing_of
from server.moderation.domain import GradeCommand, check
from server.moderation.messages import EventGraded
from server.moderation.repository import insert_grade
from shared.ids import GradeId


def grade(
    session: WriteSession, actor: Actor, clock: Clock, *, keyring: Keyring, command: GradeCommand
) -> GradeId:
    """The id of the new Grade. Raises ClaimLostError, or an InvalidError that says which rule is broken."""
    check(command)
    now = clock.now()
    moved = decide(
        session,
        actor,
        command.event_id,
        token=command.claim_token,
        state=ReviewState.GRADED,
        now=now,
    )
    if moved is None:
        raise lost(standing_of(session, actor, command.event_id))
    sealed = seal_message(session, keyring, moved.event_id, command.message.strip())
    grade_id = insert_grade(
        session, moved, command, moderator_id=actor.staff_id, sealed_message=sealed, at=now
    )
    write_audit(
        session,
        actor,
        verb="graded",
        subject_kind="event",
        subject_id=moved.event_id,
        trust_id=moved.trust_id,
        academy_id=moved.academy_id,
        details={"grade_id": str(grade_id), "severity": command.severity.value, "theme": command.theme.value},
    )
    announce(session, EventGraded(moved.event_id, grade_id, moved.trust_id, moved.academy_id, now))
    return GradeId(grade_id)
