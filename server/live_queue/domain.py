"""States of an event under review, the one table of how they follow, and the rules of a Claim.

Nothing here reads the time or the database. Source: PEERS.md §4, DOMAIN.md MO-01 and MO-02.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from server.kit.errors import ConflictError, NotFoundError

LEASE = timedelta(seconds=90)
"""How long a Claim holds without a heartbeat. A browser beats every 20 s, so four may be lost."""


class ReviewState(StrEnum):
    """Where an event stands; the database checks the same words."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    GRADED = "graded"
    DISMISSED = "dismissed"


class ReviewStep(StrEnum):
    """What can be done to it."""

    CLAIM = "claim"
    RECLAIM = "reclaim"
    HEARTBEAT = "heartbeat"
    RELEASE = "release"
    EXPIRE = "expire"
    GRADE = "grade"
    DISMISS = "dismiss"


_TRANSITIONS: dict[tuple[ReviewState, ReviewStep], ReviewState] = {
    (ReviewState.QUEUED, ReviewStep.CLAIM): ReviewState.CLAIMED,
    # The same moderator after a reload, or anybody once the lease has ended.
    (ReviewState.CLAIMED, ReviewStep.RECLAIM): ReviewState.CLAIMED,
    (ReviewState.CLAIMED, ReviewStep.HEARTBEAT): ReviewState.CLAIMED,
    (ReviewState.CLAIMED, ReviewStep.RELEASE): ReviewState.QUEUED,
    (ReviewState.CLAIMED, ReviewStep.EXPIRE): ReviewState.QUEUED,
    (ReviewState.CLAIMED, ReviewStep.GRADE): ReviewState.GRADED,
    (ReviewState.CLAIMED, ReviewStep.DISMISS): ReviewState.DISMISSED,
}


class ImpossibleStepError(ConflictError):
    """The event is not in a state from which this can be done."""

    code = "impossible_step"


class ClaimLostError(ConflictError):
    """The fencing token is no longer the event's: nothing was saved, the draft is the client's."""

    code = "claim_lost"


class ClaimHeldError(ConflictError):
    """Another moderator holds it, or it has been decided."""

    code = "claim_held"


class NotInQueueError(NotFoundError):
    """No such event for this moderator."""

    code = "event_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such event in your queue.")


class ScreenshotMissingError(NotFoundError):
    """None was taken, it has not arrived yet, or it is gone."""

    code = "screenshot_missing"

    def __init__(self) -> None:
        super().__init__("There is no screenshot of this event yet.")


@dataclass(frozen=True, slots=True)
class Claim:
    """A moderator's time-limited hold. ``token`` is the fence: every later write must carry it."""

    event_id: UUID
    token: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How an event stands now, as far as somebody who lost it may know."""

    state: ReviewState
    is_mine: bool
    claim_expires_at: datetime | None


def after(state: ReviewState, step: ReviewStep) -> ReviewState:
    """The state that follows; raises ImpossibleStepError."""
    found = _TRANSITIONS.get((state, step))
    if found is None:
        raise ImpossibleStepError(f"An event that is {state.value} cannot take the step {step.value}.")
    return found


def lost(standing: Standing | None) -> ClaimLostError | NotInQueueError:
    """What to tell somebody whose token does not hold any more, and what they can do."""
    if standing is None:
        return NotInQueueError()
    kept = "Nothing was saved; what you wrote is still on your screen."
    if standing.state is ReviewState.QUEUED:
        return ClaimLostError(f"Your hold on this event ended. {kept} Claim it again to go on.")
    if standing.state is ReviewState.CLAIMED and standing.is_mine:
        return ClaimLostError(
            f"You opened this event again elsewhere. {kept} Go on there, or claim it again."
        )
    if standing.state is ReviewState.CLAIMED:
        return ClaimLostError(
            f"Your hold ended and another moderator has this event now. {kept} Take the next one."
        )
    return ClaimLostError(f"This event has been decided. {kept} Take the next one.")


def held(standing: Standing | None) -> ClaimHeldError | NotInQueueError:
    """What to tell somebody who asked for one event and did not get it."""
    if standing is None:
        return NotInQueueError()
    if standing.state is ReviewState.CLAIMED:
        return ClaimHeldError("Another moderator has this event open. Take the next one.")
    return ClaimHeldError("This event has been decided. Take the next one.")
