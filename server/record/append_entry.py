"""Adds one entry to a Concern. The only writer of concern_entry; nothing here changes what stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from server.access.scope import Actor
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.record.domain import EntryKind, OutcomeCode
from server.record.repository import last_recorded_at
from server.record.tables import ConcernEntryRow, ConcernRow

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Appended:
    """The entry, and when it stands as recorded."""

    entry_id: UUID
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class EntryCommand:
    """What to add. ``occurred_at`` may lie in the past: a backdated entry slots in, marked. None means now."""

    kind: EntryKind
    text: str
    occurred_at: datetime | None = None
    action_id: UUID | None = None
    outcome_code: OutcomeCode | None = None


def append_entry(
    session: WriteSession, actor: Actor, clock: Clock, *, concern: ConcernRow, command: EntryCommand
) -> Appended:
    """Write the entry. The caller holds the Concern (``lock_concern``) and has checked that it may follow.

    Entries of one Concern never share a ``recorded_at``: its state follows from their order, and two
    servers' clocks may disagree.
    """
    now = clock.now()
    last = last_recorded_at(session, concern.id)
    recorded_at = now if last is None or now > last else last + _TICK
    entry = ConcernEntryRow(
        id=uuid4(),
        concern_id=concern.id,
        academy_id=concern.academy_id,
        student_id=concern.student_id,
        kind=command.kind.value,
        action_id=command.action_id,
        text=command.text,
        outcome_code=command.outcome_code.value if command.outcome_code else None,
        occurred_at=command.occurred_at or recorded_at,
        recorded_at=recorded_at,
        recorded_by=actor.staff_id,
    )
    session.add(entry)
    session.flush()
    write_audit(
        session,
        actor,
        verb=f"added_{command.kind.value}",
        subject_kind="concern",
        subject_id=concern.id,
        trust_id=concern.trust_id,
        academy_id=concern.academy_id,
        details={"entry_id": str(entry.id)},
    )
    return Appended(entry.id, recorded_at)
