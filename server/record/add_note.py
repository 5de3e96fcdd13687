"""Adds a note to a Concern, open or closed. A correction is a note too: nothing is ever edited."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.access.scope import Actor
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import NotFoundError
from server.record.append_entry import EntryCommand, append_entry
from server.record.domain import EntryKind, check_not_in_future, check_text
from server.record.repository import lock_concern


@dataclass(frozen=True, slots=True)
class AddNoteCommand:
    """``occurred_at`` left out means: now."""

    concern_id: UUID
    text: str
    occurred_at: datetime | None = None


def add_note(session: WriteSession, actor: Actor, clock: Clock, command: AddNoteCommand) -> UUID:
    """The new entry. Raises NotFoundError, and InvalidError for an empty text or a time to come."""
    note = check_text(command.text)
    if command.occurred_at is not None:
        check_not_in_future(command.occurred_at, clock.now())
    concern = lock_concern(session, command.concern_id)
    if concern is None:
        raise NotFoundError("There is no such concern.")
    return append_entry(
        session,
        actor,
        clock,
        concern=concern,
        command=EntryCommand(kind=EntryKind.NOTE, text=note, occurred_at=command.occurred_at),
    ).entry_id
