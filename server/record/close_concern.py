"""Closes a Concern with an outcome that says whether the answer was support, sanction, police or none."""

from dataclasses import dataclass
from uuid import UUID

from server.access.scope import Actor
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import NotFoundError
from server.kit.outbox import announce
from server.record.append_entry import EntryCommand, append_entry
from server.record.domain import EntryKind, OutcomeCode, check_addition, check_closing, derive_state
from server.record.messages import ConcernClosed
from server.record.repository import find_event_id, list_entry_kinds, lock_concern
from shared.taxonomy import Severity


@dataclass(frozen=True, slots=True)
class CloseConcernCommand:
    """``text`` is the rationale; Levels 4 and 5 must have one."""

    concern_id: UUID
    outcome_code: OutcomeCode
    text: str = ""


def close_concern(session: WriteSession, actor: Actor, clock: Clock, command: CloseConcernCommand) -> UUID:
    """The closing entry. Raises NotFoundError, ConcernClosedError, InvalidError and SecondPersonError."""
    concern = lock_concern(session, command.concern_id)
    if concern is None:
        raise NotFoundError("There is no such concern.")
    check_addition(derive_state(list_entry_kinds(session, concern.id)), EntryKind.CLOSED)
    check_closing(
        Severity(concern.severity),
        text=command.text,
        is_same_person=concern.recorded_by == actor.staff_id,
    )
    appended = append_entry(
        session,
        actor,
        clock,
        concern=concern,
        command=EntryCommand(
            kind=EntryKind.CLOSED,
            text=command.text.strip(),
            outcome_code=command.outcome_code,
        ),
    )
    announce(
        session,
        ConcernClosed(
            concern_id=concern.id,
            event_id=find_event_id(session, concern),
            trust_id=concern.trust_id,
            academy_id=concern.academy_id,
            closed_at=appended.recorded_at,
        ),
    )
    return appended.entry_id
