"""Every row of a record becomes exactly one line, in order of when things happened, late ones marked."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from server.mis.tables import BehaviourEntryRow
from server.record.chronology import chronology
from server.record.domain import ChronologyKind, EntryKind, OutcomeCode
from server.record.tables import ActionRow, ConcernEntryRow, ConcernRow
from tests.kit.clock import MONDAY

WHO, COLLEAGUE, ACADEMY, TRUST, STUDENT = (uuid4() for _ in range(5))
NAMES = {WHO: "Priya Nair", COLLEAGUE: "Tom Reed"}


def a_concern(*, at: datetime = MONDAY, recorded_at: datetime = MONDAY) -> ConcernRow:
    return ConcernRow(
        id=uuid4(),
        academy_id=ACADEMY,
        trust_id=TRUST,
        student_id=STUDENT,
        alert_id=None,
        category="VP",
        theme="T05",
        severity=4,
        summary="She does not feel safe at home.",
        occurred_at=at,
        recorded_at=recorded_at,
        recorded_by=WHO,
    )


def an_action(concern_id: UUID, *, at: datetime = MONDAY) -> ActionRow:
    return ActionRow(
        id=uuid4(),
        concern_id=concern_id,
        academy_id=ACADEMY,
        trust_id=TRUST,
        student_id=STUDENT,
        what="Call her mother",
        owner_id=COLLEAGUE,
        due_on=None,
        added_at=at,
        added_by=WHO,
    )


def an_entry(
    concern_id: UUID,
    kind: EntryKind = EntryKind.NOTE,
    *,
    at: datetime = MONDAY,
    recorded_at: datetime = MONDAY,
    text: str = "",
    action_id: UUID | None = None,
    outcome_code: str | None = None,
) -> ConcernEntryRow:
    return ConcernEntryRow(
        id=uuid4(),
        concern_id=concern_id,
        academy_id=ACADEMY,
        student_id=STUDENT,
        kind=kind.value,
        action_id=action_id,
        text=text,
        outcome_code=outcome_code,
        occurred_at=at,
        recorded_at=recorded_at,
        recorded_by=COLLEAGUE,
    )


def behaviour(on: date) -> BehaviourEntryRow:
    return BehaviourEntryRow(
        id=uuid4(),
        student_id=STUDENT,
        academy_id=ACADEMY,
        mis_id="b1",
        occurred_on=on,
        kind="Late to lesson",
        points=-2,
        note="Said the bus was late.",
    )


def test_a_story_in_words() -> None:
    concern = a_concern()
    action = an_action(concern.id, at=MONDAY + timedelta(minutes=5))
    entries = [
        an_entry(
            concern.id,
            EntryKind.ACTION_DONE,
            at=MONDAY + timedelta(hours=1),
            recorded_at=MONDAY + timedelta(hours=1),
            text="She will come in",
            action_id=action.id,
        ),
        an_entry(
            concern.id,
            EntryKind.CLOSED,
            at=MONDAY + timedelta(hours=2),
            recorded_at=MONDAY + timedelta(hours=2),
            text="Support is in place.",
            outcome_code=OutcomeCode.FAMILY_SUPPORT.value,
        ),
    ]
    lines = chronology(
        concerns=[concern],
        actions=[action],
        entries=entries,
        behaviour=[behaviour(MONDAY.date())],
        names=NAMES,
    )
    assert [(line.kind.value, line.title, line.detail, line.by) for line in lines] == [
        ("behaviour", "Behaviour: Late to lesson (-2 points)", "Said the bus was late.", ""),
        (
            "concern",
            "Level 4 · Vulnerable Person · Abuse & neglect disclosure",
            "She does not feel safe at home.",
            "Priya Nair",
        ),
        ("action", "Action for Tom Reed", "Call her mother", "Priya Nair"),
        ("action_done", "Action done", "Call her mother — She will come in", "Tom Reed"),
        ("closed", "Concern closed: Support with the family", "Support is in place.", "Tom Reed"),
    ]


def test_a_backdated_note_slots_in_and_is_marked() -> None:
    concern = a_concern(at=MONDAY - timedelta(days=1))
    late = an_entry(concern.id, at=MONDAY - timedelta(days=3), recorded_at=MONDAY)
    prompt = an_entry(concern.id, at=MONDAY - timedelta(hours=20), recorded_at=MONDAY)
    lines = chronology(concerns=[concern], actions=[], entries=[prompt, late], behaviour=[], names=NAMES)
    assert [(line.id, line.late_entry) for line in lines] == [
        (late.id, True),
        (concern.id, False),
        (prompt.id, False),
    ]
    assert lines[0].recorded_at == MONDAY


def test_what_the_mis_tells_has_no_time_of_writing_and_stands_at_the_days_beginning() -> None:
    [winter, summer] = chronology(
        concerns=[],
        actions=[],
        entries=[],
        behaviour=[behaviour(date(2026, 7, 1)), behaviour(date(2026, 1, 12))],
        names={},
    )
    assert winter.at.isoformat() == "2026-01-12T00:00:00+00:00"
    assert summer.at.isoformat() == "2026-06-30T23:00:00+00:00"
    assert winter.recorded_at is None


def test_who_is_not_known_is_nobody() -> None:
    [line] = chronology(concerns=[a_concern()], actions=[], entries=[], behaviour=[], names={})
    assert line.by == ""


hours = st.integers(min_value=-200, max_value=0).map(lambda number: MONDAY + timedelta(hours=number))
notes = st.lists(st.tuples(hours, hours), max_size=12)


@given(notes, notes, st.lists(hours, max_size=5), st.lists(st.dates(date(2026, 11, 1), date(2026, 11, 16))))
def test_every_row_is_one_line_in_order(
    concern_times: list[tuple[datetime, datetime]],
    note_times: list[tuple[datetime, datetime]],
    action_times: list[datetime],
    days: list[date],
) -> None:
    concerns = [a_concern(at=min(pair), recorded_at=max(pair)) for pair in concern_times]
    entries = [an_entry(uuid4(), at=min(pair), recorded_at=max(pair)) for pair in note_times]
    actions = [an_action(uuid4(), at=at) for at in action_times]
    log = [behaviour(day) for day in days]
    lines = chronology(concerns=concerns, actions=actions, entries=entries, behaviour=log, names=NAMES)
    rows = [*concerns, *entries, *actions, *log]
    assert sorted(line.id for line in lines) == sorted(row.id for row in rows)
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    for line in lines:
        written = line.recorded_at or line.at
        assert line.late_entry == (written - line.at > timedelta(hours=24))
        assert (line.recorded_at is None) == (line.kind is ChronologyKind.BEHAVIOUR)
