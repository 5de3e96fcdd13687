"""Marks an Action as done, by a further entry. Once."""

from dataclasses import dataclass
from uuid import UUID

from server.access.scope import Actor
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import NotFoundError
from server.kit.outbox import announce
from server.record.append_entry import EntryCommand, append_entry
from server.record.domain import AlreadyDoneError, EntryKind
from server.record.messages import ActionCompleted
from server.record.repository import find_action, find_event_id, is_action_done, lock_concern


@dataclass(frozen=True, slots=True)
class CompleteActionCommand:
    """``text`` says what came of it; it may be empty."""

    action_id: UUID
    text: str = ""


def complete_action(
    session: WriteSession, actor: Actor, clock: Clock, command: CompleteActionCommand
) -> UUID:
    """The new entry. Raises NotFoundError and AlreadyDoneError. A closed Concern does not stand in the way."""
    action = find_action(session, command.action_id)
    concern = lock_concern(session, action.concern_id) if action is not None else None
    if action is None or concern is None:
        raise NotFoundError("There is no such action.")
    if is_action_done(session, action.id):
        raise AlreadyDoneError("This action was marked as done before.")
    appended = append_entry(
        session,
        actor,
        clock,
        concern=concern,
        command=EntryCommand(
            kind=EntryKind.ACTION_DONE,
            text=command.text.strip(),
            action_id=action.id,
        ),
    )
    announce(
        session,
        ActionCompleted(
            action_id=action.id,
            concern_id=concern.id,
            event_id=find_event_id(session, concern),
            trust_id=concern.trust_id,
            academy_id=concern.academy_id,
            done_at=appended.recorded_at,
        ),
    )
    return appended.entry_id
