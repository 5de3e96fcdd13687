"""Writes down what somebody is to do about a Concern."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from server.access.scope import Actor
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import InvalidError, NotFoundError
from server.kit.outbox import announce
from server.record.domain import ConcernClosedError, ConcernState, check_text, derive_state
from server.record.messages import ActionAdded
from server.record.repository import find_event_id, list_entry_kinds, list_record_keepers, lock_concern
from server.record.tables import ActionRow, ConcernRow
from shared.ids import ActionId


@dataclass(frozen=True, slots=True)
class AddActionCommand:
    """``owner_id`` left out means: me."""

    concern_id: UUID
    what: str
    owner_id: UUID | None = None
    due_on: date | None = None


def add_action(session: WriteSession, actor: Actor, clock: Clock, command: AddActionCommand) -> ActionId:
    """The new Action. Raises NotFoundError, ConcernClosedError, and InvalidError for an owner or a day."""
    now = clock.now()
    what = check_text(command.what)
    if command.due_on is not None and command.due_on < now.date():
        raise InvalidError("That day is over.")
    concern = lock_concern(session, command.concern_id)
    if concern is None:
        raise NotFoundError("There is no such concern.")
    if derive_state(list_entry_kinds(session, concern.id)) is ConcernState.CLOSED:
        raise ConcernClosedError("This concern is closed: reopen it first.")
    action = ActionRow(
        id=uuid4(),
        concern_id=concern.id,
        academy_id=concern.academy_id,
        trust_id=concern.trust_id,
        student_id=concern.student_id,
        what=what,
        owner_id=_owner(session, actor, concern, command.owner_id, now.date()),
        due_on=command.due_on,
        added_at=now,
        added_by=actor.staff_id,
    )
    session.add(action)
    session.flush()
    _tell(session, actor, concern, action)
    return ActionId(action.id)


def _owner(
    session: WriteSession, actor: Actor, concern: ConcernRow, chosen: UUID | None, today: date
) -> UUID:
    if chosen is None or chosen == actor.staff_id:
        return actor.staff_id
    keepers = list_record_keepers(session, [concern.academy_id], today)
    if chosen not in {keeper.staff_id for keeper in keepers}:
        raise InvalidError("Only a colleague who keeps this academy's records can own the action.")
    return chosen


def _tell(session: WriteSession, actor: Actor, concern: ConcernRow, action: ActionRow) -> None:
    write_audit(
        session,
        actor,
        verb="added_action",
        subject_kind="concern",
        subject_id=concern.id,
        trust_id=concern.trust_id,
        academy_id=concern.academy_id,
        details={"action_id": str(action.id)},
    )
    announce(
        session,
        ActionAdded(
            action_id=action.id,
            concern_id=concern.id,
            event_id=find_event_id(session, concern),
            trust_id=concern.trust_id,
            academy_id=concern.academy_id,
            added_at=action.added_at,
        ),
    )
