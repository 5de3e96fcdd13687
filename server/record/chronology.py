"""One ordered story of a Student out of the record's own rows and the MIS's behaviour log.

Rows come in, lines go out, ordered by when things happened. Later rooms add their lines with ``in_order``.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from server.mis.tables import BehaviourEntryRow
from server.record.domain import (
    ChronologyEntry,
    ChronologyKind,
    EntryKind,
    OutcomeCode,
    in_order,
    is_late_entry,
)
from server.record.tables import ActionRow, ConcernEntryRow, ConcernRow
from shared.taxonomy import Category, Severity, Theme

_LONDON = ZoneInfo("Europe/London")

_TITLES = {
    EntryKind.NOTE: "Note",
    EntryKind.ACTION_DONE: "Action done",
    EntryKind.CLOSED: "Concern closed",
    EntryKind.REOPENED: "Concern reopened",
}


def chronology(
    *,
    concerns: Iterable[ConcernRow],
    actions: Iterable[ActionRow],
    entries: Iterable[ConcernEntryRow],
    behaviour: Iterable[BehaviourEntryRow],
    names: Mapping[UUID, str],
) -> tuple[ChronologyEntry, ...]:
    """Every row as one line, in order. ``names`` are the staff's; one that is missing reads as nobody."""
    known_actions = {action.id: action for action in actions}
    lines = [_of_concern(concern, names) for concern in concerns]
    lines += [_of_action(action, names) for action in known_actions.values()]
    lines += [_of_entry(entry, known_actions, names) for entry in entries]
    lines += [_of_behaviour(row) for row in behaviour]
    return in_order(lines)


def _of_concern(row: ConcernRow, names: Mapping[UUID, str]) -> ChronologyEntry:
    words = (Severity(row.severity).label, Category(row.category).label, Theme(row.theme).label)
    return ChronologyEntry(
        id=row.id,
        at=row.occurred_at,
        recorded_at=row.recorded_at,
        kind=ChronologyKind.CONCERN,
        title=" · ".join(words),
        detail=row.summary,
        by=names.get(row.recorded_by, ""),
        concern_id=row.id,
        late_entry=is_late_entry(row.occurred_at, row.recorded_at),
    )


def _of_action(row: ActionRow, names: Mapping[UUID, str]) -> ChronologyEntry:
    return ChronologyEntry(
        id=row.id,
        at=row.added_at,
        recorded_at=row.added_at,
        kind=ChronologyKind.ACTION,
        title=f"Action for {names.get(row.owner_id, 'a colleague')}",
        detail=row.what,
        by=names.get(row.added_by, ""),
        concern_id=row.concern_id,
        late_entry=False,
    )


def _of_entry(
    row: ConcernEntryRow, actions: Mapping[UUID, ActionRow], names: Mapping[UUID, str]
) -> ChronologyEntry:
    kind = EntryKind(row.kind)
    title, detail = _TITLES[kind], row.text
    if row.outcome_code is not None:
        title = f"{title}: {OutcomeCode(row.outcome_code).label}"
    if row.action_id is not None and row.action_id in actions:
        done = actions[row.action_id].what
        detail = f"{done} — {detail}" if detail else done
    return ChronologyEntry(
        id=row.id,
        at=row.occurred_at,
        recorded_at=row.recorded_at,
        kind=ChronologyKind(kind.value),
        title=title,
        detail=detail,
        by=names.get(row.recorded_by, ""),
        concern_id=row.concern_id,
        late_entry=is_late_entry(row.occurred_at, row.recorded_at),
    )


def _of_behaviour(row: BehaviourEntryRow) -> ChronologyEntry:
    # The MIS gives a day and not when somebody wrote it down: it stands at that day's first moment.
    midnight = datetime.combine(row.occurred_on, time.min, _LONDON).astimezone(UTC)
    points = f" ({row.points:+d} points)" if row.points else ""
    return ChronologyEntry(
        id=row.id,
        at=midnight,
        recorded_at=None,
        kind=ChronologyKind.BEHAVIOUR,
        title=f"Behaviour: {row.kind}{points}",
        detail=row.note,
        by="",
        concern_id=None,
        late_entry=False,
    )
