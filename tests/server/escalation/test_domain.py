"""The referral's whole transition table, and when an answer is due and possible."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.escalation.domain import (
    TRANSITIONS,
    Agency,
    Consent,
    Decision,
    ReferralState,
    TransitionError,
    check_outcome_time,
    decision_due_at,
    derive_state,
    next_state,
)
from server.kit.errors import InvalidError

MADE, ACCEPTED = ReferralState.MADE, ReferralState.ACCEPTED
DECLINED, OUTCOME = ReferralState.DECLINED, ReferralState.OUTCOME
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)

EXPECTED: dict[tuple[ReferralState, Decision], ReferralState | None] = {
    (MADE, Decision.ACCEPTED): ACCEPTED,
    (MADE, Decision.DECLINED): DECLINED,
    (MADE, Decision.OUTCOME): None,
    (ACCEPTED, Decision.ACCEPTED): None,
    (ACCEPTED, Decision.DECLINED): None,
    (ACCEPTED, Decision.OUTCOME): OUTCOME,
    (DECLINED, Decision.ACCEPTED): None,
    (DECLINED, Decision.DECLINED): None,
    (DECLINED, Decision.OUTCOME): OUTCOME,
    (OUTCOME, Decision.ACCEPTED): None,
    (OUTCOME, Decision.DECLINED): None,
    (OUTCOME, Decision.OUTCOME): OUTCOME,
}


def test_the_table_is_complete() -> None:
    assert set(EXPECTED) == {(state, decision) for state in ReferralState for decision in Decision}
    assert set(TRANSITIONS) == set(ReferralState)


@pytest.mark.parametrize(("state", "decision"), EXPECTED)
def test_each_transition(state: ReferralState, decision: Decision) -> None:
    expected = EXPECTED[state, decision]
    if expected is None:
        with pytest.raises(TransitionError):
            next_state(state, decision)
    else:
        assert next_state(state, decision) is expected


@given(st.lists(st.sampled_from(Decision), max_size=6))
def test_a_story_of_answers_is_either_refused_or_ends_where_its_last_answer_says(
    decisions: list[Decision],
) -> None:
    try:
        state = derive_state(decisions)
    except TransitionError:
        assert decisions[0] is Decision.OUTCOME or len(decisions) > 1
    else:
        assert state.value == (decisions[-1].value if decisions else "made")


def test_a_decision_is_due_one_working_day_later() -> None:
    friday = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    assert decision_due_at(friday) == datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize("outcome_at", [NOW - timedelta(days=1), NOW, NOW - timedelta(days=2)])
def test_an_answer_lies_between_the_question_and_now(outcome_at: datetime) -> None:
    check_outcome_time(outcome_at, referred_at=NOW - timedelta(days=2), now=NOW)


@pytest.mark.parametrize("outcome_at", [NOW - timedelta(days=3), NOW + timedelta(hours=1)])
def test_an_answer_before_the_question_or_from_the_future_is_refused(outcome_at: datetime) -> None:
    with pytest.raises(InvalidError):
        check_outcome_time(outcome_at, referred_at=NOW - timedelta(days=2), now=NOW)


def test_every_choice_has_words() -> None:
    assert all(one.label for kind in (Agency, Consent, Decision) for one in kind)
