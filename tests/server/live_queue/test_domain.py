"""The transition table, whole, and what somebody is told who lost a claim."""

from datetime import timedelta
from itertools import product

import pytest

from server.live_queue.domain import (
    ClaimHeldError,
    ClaimLostError,
    ImpossibleStepError,
    NotInQueueError,
    ReviewState,
    ReviewStep,
    Standing,
    after,
    held,
    lost,
)
from tests.kit.clock import MONDAY

QUEUED, CLAIMED, GRADED, DISMISSED = ReviewState
POSSIBLE = {
    (QUEUED, ReviewStep.CLAIM): CLAIMED,
    (CLAIMED, ReviewStep.RECLAIM): CLAIMED,
    (CLAIMED, ReviewStep.HEARTBEAT): CLAIMED,
    (CLAIMED, ReviewStep.RELEASE): QUEUED,
    (CLAIMED, ReviewStep.EXPIRE): QUEUED,
    (CLAIMED, ReviewStep.GRADE): GRADED,
    (CLAIMED, ReviewStep.DISMISS): DISMISSED,
}


@pytest.mark.parametrize(("state", "step"), list(product(ReviewState, ReviewStep)))
def test_every_pair_of_state_and_step(state: ReviewState, step: ReviewStep) -> None:
    expected = POSSIBLE.get((state, step))
    if expected is None:
        with pytest.raises(ImpossibleStepError):
            after(state, step)
    else:
        assert after(state, step) is expected


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(QUEUED, False, None), "Claim it again"),
        (Standing(CLAIMED, True, MONDAY), "again elsewhere"),
        (Standing(CLAIMED, False, MONDAY + timedelta(seconds=90)), "another moderator"),
        (Standing(GRADED, False, None), "decided"),
        (Standing(DISMISSED, False, None), "decided"),
    ],
)
def test_a_lost_claim_says_what_to_do_and_that_the_draft_is_safe(standing: Standing, words: str) -> None:
    error = lost(standing)
    assert isinstance(error, ClaimLostError)
    assert words in error.detail
    assert "still on your screen" in error.detail
    assert (error.status, error.code) == (409, "claim_lost")


def test_an_event_outside_the_queue_does_not_exist() -> None:
    assert isinstance(lost(None), NotInQueueError)
    assert isinstance(held(None), NotInQueueError)


@pytest.mark.parametrize("state", [CLAIMED, GRADED, DISMISSED])
def test_an_event_that_cannot_be_had_says_so(state: ReviewState) -> None:
    error = held(Standing(state, False, None))
    assert isinstance(error, ClaimHeldError)
    assert error.status == 409
