"""What escalation announces: ids and times only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReferralMade:
    """A Concern was sent to an agency. ``event_id`` is None when staff wrote the Concern."""

    referral_id: UUID
    concern_id: UUID
    event_id: UUID | None
    trust_id: UUID
    academy_id: UUID
    referred_at: datetime


@dataclass(frozen=True, slots=True)
class OutcomeRecorded:
    """An agency answered."""

    outcome_id: UUID
    referral_id: UUID
    concern_id: UUID
    event_id: UUID | None
    trust_id: UUID
    academy_id: UUID
    outcome_at: datetime
