"""A Referral and what comes back, as a pure state machine.

Made, then accepted or declined by the agency, then its outcome; an agency may report more than once.
Nothing is edited: every answer is a further row. Source: DOMAIN.md DS-10; Working Together 2023 (the
local authority decides within one working day).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from server.escalation.working_days import add_working_days
from server.kit.errors import ConflictError, InvalidError

DECISION_WORKING_DAYS = 1
CLOCK_SKEW_S = 300


class ReferralState(StrEnum):
    """Derived from the answers, never stored."""

    MADE = "made"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    OUTCOME = "outcome"


class Decision(StrEnum):
    """One answer of an agency."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    OUTCOME = "outcome"

    @property
    def label(self) -> str:
        """The words on screen."""
        return _DECISION_LABEL[self]


_DECISION_LABEL = {
    Decision.ACCEPTED: "Referral accepted",
    Decision.DECLINED: "Referral declined",
    Decision.OUTCOME: "Outcome of the referral",
}


class Agency(StrEnum):
    """Where a Concern can be sent."""

    LOCAL_AUTHORITY = "local_authority"
    EARLY_HELP = "early_help"
    HEALTH = "health"
    POLICE = "police"
    LADO = "lado"
    PREVENT = "prevent"
    NSPCC = "nspcc"

    @property
    def label(self) -> str:
        """The words on screen."""
        return _AGENCY_LABEL[self]


_AGENCY_LABEL = {
    Agency.LOCAL_AUTHORITY: "Local authority children's social care",
    Agency.EARLY_HELP: "Early help",
    Agency.HEALTH: "Health or CAMHS",
    Agency.POLICE: "Police",
    Agency.LADO: "Local authority designated officer (LADO)",
    Agency.PREVENT: "Prevent / Channel",
    Agency.NSPCC: "NSPCC",
}


class Consent(StrEnum):
    """What was asked of the family, or why not."""

    OBTAINED = "obtained"
    NOT_SOUGHT_RISK = "not_sought_risk"
    REFUSED_OVERRIDDEN = "refused_overridden"

    @property
    def label(self) -> str:
        """The words on screen."""
        return _CONSENT_LABEL[self]


_CONSENT_LABEL = {
    Consent.OBTAINED: "Consent obtained",
    Consent.NOT_SOUGHT_RISK: "Not sought: asking would increase the risk",
    Consent.REFUSED_OVERRIDDEN: "Refused, and overridden because of the risk",
}


class TransitionError(ConflictError):
    """The Referral stands elsewhere: this answer cannot follow."""

    code = "referral_state"


# From each state, which answers may follow and where they lead. What is not listed is refused.
TRANSITIONS: dict[ReferralState, dict[Decision, ReferralState]] = {
    ReferralState.MADE: {
        Decision.ACCEPTED: ReferralState.ACCEPTED,
        Decision.DECLINED: ReferralState.DECLINED,
    },
    ReferralState.ACCEPTED: {Decision.OUTCOME: ReferralState.OUTCOME},
    ReferralState.DECLINED: {Decision.OUTCOME: ReferralState.OUTCOME},
    ReferralState.OUTCOME: {Decision.OUTCOME: ReferralState.OUTCOME},
}


def next_state(state: ReferralState, decision: Decision) -> ReferralState:
    """Where ``decision`` leads from ``state``; raises TransitionError."""
    found = TRANSITIONS[state].get(decision)
    if found is None:
        raise TransitionError(f"A referral that is {state.value} cannot become {decision.value}.")
    return found


def derive_state(decisions_in_order: Iterable[Decision]) -> ReferralState:
    """Where a Referral stands after these answers, as they were recorded."""
    state = ReferralState.MADE
    for decision in decisions_in_order:
        state = next_state(state, decision)
    return state


def decision_due_at(referred_at: datetime) -> datetime:
    """When the agency owes its decision: one working day of England later."""
    return add_working_days(referred_at, DECISION_WORKING_DAYS)


def check_outcome_time(outcome_at: datetime, *, referred_at: datetime, now: datetime) -> None:
    """An answer comes after the question and not from the future."""
    if (referred_at - outcome_at).total_seconds() > CLOCK_SKEW_S:
        raise InvalidError("An answer cannot be older than the referral.")
    if (outcome_at - now).total_seconds() > CLOCK_SKEW_S:
        raise InvalidError("That time has not come yet.")


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer of an agency as a reader sees it."""

    decision: Decision
    what: str
    outcome_at: datetime
    recorded_by_name: str


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A Referral as a reader sees it, its state derived from its answers."""

    id: UUID
    concern_id: UUID
    agency: Agency
    reference: str
    rationale: str
    consent: Consent
    state: ReferralState
    referred_at: datetime
    decision_due_at: datetime
    outcomes: tuple[AnswerView, ...]
