"""The record's rules: derived state, what may follow what, what closing needs, and the order of a story."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kit.errors import ConflictError, InvalidError
from server.record.domain import (
    CLOCK_SKEW,
    LATE_AFTER,
    ChronologyEntry,
    ChronologyKind,
    ConcernClosedError,
    ConcernOpenError,
    ConcernState,
    EntryKind,
    OutcomeClass,
    OutcomeCode,
    SecondPersonError,
    attendance_percent,
    check_addition,
    check_closing,
    check_not_in_future,
    check_text,
    check_words,
    derive_state,
    in_order,
    is_late_entry,
)
from shared.taxonomy import Category, Severity, Theme

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
OPEN, CLOSED = ConcernState.OPEN, ConcernState.CLOSED
REASON = "She has a plan and a person now."

# Every state and kind there is: None where the entry may follow, else what refuses it.
ADDITIONS: dict[tuple[ConcernState, EntryKind], type[ConflictError] | None] = {
    (OPEN, EntryKind.NOTE): None,
    (OPEN, EntryKind.ACTION_DONE): None,
    (OPEN, EntryKind.CLOSED): None,
    (OPEN, EntryKind.REOPENED): ConcernOpenError,
    (CLOSED, EntryKind.NOTE): None,
    (CLOSED, EntryKind.ACTION_DONE): None,
    (CLOSED, EntryKind.CLOSED): ConcernClosedError,
    (CLOSED, EntryKind.REOPENED): None,
}


def test_the_table_of_additions_is_complete() -> None:
    assert set(ADDITIONS) == {(state, kind) for state in ConcernState for kind in EntryKind}


@pytest.mark.parametrize(("state", "kind"), ADDITIONS)
def test_what_may_follow_a_state(state: ConcernState, kind: EntryKind) -> None:
    refusal = ADDITIONS[state, kind]
    if refusal is None:
        check_addition(state, kind)
    else:
        with pytest.raises(refusal):
            check_addition(state, kind)


@given(st.lists(st.sampled_from(EntryKind)))
def test_only_the_last_closing_or_reopening_decides(kinds: list[EntryKind]) -> None:
    turning = [kind for kind in kinds if kind in (EntryKind.CLOSED, EntryKind.REOPENED)]
    expected = CLOSED if turning and turning[-1] is EntryKind.CLOSED else OPEN
    assert derive_state(kinds) is expected


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("is_same_person", [True, False])
@pytest.mark.parametrize("reason", ["", "too short", REASON])
def test_what_closing_needs_by_level(severity: Severity, is_same_person: bool, reason: str) -> None:
    needs_reason = severity >= 4 and len(reason) < 10
    needs_colleague = severity == 5 and is_same_person
    if needs_reason:
        with pytest.raises(InvalidError):
            check_closing(severity, text=reason, is_same_person=is_same_person)
    elif needs_colleague:
        with pytest.raises(SecondPersonError):
            check_closing(severity, text=reason, is_same_person=is_same_person)
    else:
        check_closing(severity, text=reason, is_same_person=is_same_person)


def test_every_outcome_stands_in_the_ledger() -> None:
    assert {code.outcome_class for code in OutcomeCode} == set(OutcomeClass)
    assert all(code.label for code in OutcomeCode)


@pytest.mark.parametrize("theme", Theme)
def test_a_theme_stands_under_its_own_category_only(theme: Theme) -> None:
    check_words(theme.category, theme)
    for category in set(Category) - {theme.category}:
        with pytest.raises(InvalidError):
            check_words(category, theme)


def test_an_entry_is_late_after_a_day() -> None:
    assert not is_late_entry(NOW - LATE_AFTER, NOW)
    assert is_late_entry(NOW - LATE_AFTER - timedelta(seconds=1), NOW)
    assert not is_late_entry(NOW + CLOCK_SKEW, NOW)


def test_nothing_is_recorded_before_it_happens() -> None:
    check_not_in_future(NOW + CLOCK_SKEW, NOW)
    with pytest.raises(InvalidError):
        check_not_in_future(NOW + CLOCK_SKEW + timedelta(seconds=1), NOW)


def test_a_text_loses_its_edges_and_must_say_something() -> None:
    assert check_text("  spoke to her tutor\n") == "spoke to her tutor"
    for text in ("", " \n", "x" * 10_001):
        with pytest.raises(InvalidError):
            check_text(text)


@pytest.mark.parametrize(("present", "possible", "percent"), [(0, 0, None), (0, 10, 0.0), (171, 190, 90.0)])
def test_attendance_in_percent(present: int, possible: int, percent: float | None) -> None:
    assert attendance_percent(present, possible) == percent


moments = st.integers(min_value=0, max_value=5).map(lambda hours: NOW + timedelta(hours=hours))


@st.composite
def entries(draw: st.DrawFn) -> ChronologyEntry:
    return ChronologyEntry(
        id=UUID(int=draw(st.integers(min_value=0, max_value=2**32))),
        at=draw(moments),
        recorded_at=draw(st.none() | moments),
        kind=draw(st.sampled_from(ChronologyKind)),
        title="",
        detail="",
        by="",
        concern_id=None,
        late_entry=False,
    )


@given(st.lists(entries(), unique_by=lambda entry: entry.id), st.randoms(use_true_random=False))
def test_a_story_reads_alike_however_its_rows_come(story: list[ChronologyEntry], random: object) -> None:
    ordered = in_order(story)
    shuffled = list(story)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert in_order(shuffled) == ordered
    assert sorted(entry.id for entry in ordered) == sorted(entry.id for entry in story)
    for earlier, later in pairwise(ordered):
        assert earlier.at <= later.at
        if earlier.at == later.at:
            assert (earlier.recorded_at or earlier.at) <= (later.recorded_at or later.at)


@given(st.lists(entries(), unique_by=lambda entry: entry.id), entries())
def test_a_backdated_entry_slots_in_and_moves_nothing_else(
    story: list[ChronologyEntry], late: ChronologyEntry
) -> None:
    others = [entry for entry in story if entry.id != late.id]
    assert [entry for entry in in_order([*others, late]) if entry.id != late.id] == list(in_order(others))
