"""Opens a closed Concern again, and says why. The closing stays in the record."""

from dataclasses import dataclass
from uuid import UUID

from server.access.scope import Actor
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import NotFoundError
from server.kit.outbox import announce
from server.record.append_entry import EntryCommand, append_entry
from server.record.domain import EntryKind, check_addition, check_text, derive_state
from server.record.messages import ConcernReopened
from server.record.repository import find_event_id, list_entry_kinds, lock_concern


@dataclass(frozen=True, slots=True)
class ReopenConcernCommand:
    """``text`` is the reason."""

    concern_id: UUID
    text: str


def reopen_concern(session: WriteSession, actor: Actor, clock: Clock, command: ReopenConcernCommand) -> UUID:
    """The reopening entry. Raises NotFoundError, ConcernOpenError, and InvalidError without a reason."""
    reason = check_text(command.text)
    concern = lock_concern(session, command.concern_id)
    if concern is None:
        raise NotFoundError("There is no such concern.")
    check_addition(derive_state(list_entry_kinds(session, concern.id)), EntryKind.REOPENED)
    appended = append_entry(
        session,
        actor,
        clock,
        concern=concern,
        command=EntryCommand(kind=EntryKind.REOPENED, text=reason),
    )
    announce(
        session,
        ConcernReopened(
            concern_id=concern.id,
            event_id=find_event_id(session, concern),
            trust_id=concern.trust_id,
            academy_id=concern.academy_id,
            reopened_at=appended.recorded_at,
        ),
    )
    return appended.entry_id
