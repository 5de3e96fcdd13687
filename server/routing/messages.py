"""What routing announces: ids and times."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AlertRaised:
    """An academy must be told."""

    alert_id: UUID
    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    raised_at: datetime
    acknowledge_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class EventSentUnreviewed:
    """The time for a decision ran out; its academy is told without one. It still waits for a moderator."""

    alert_id: UUID
    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class AlertReviewed:
    """A moderator's verdict has reached an Alert that had gone out unreviewed."""

    alert_id: UUID
    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class AlertClosed:
    """It ended without further action: a DSL said so, or a moderator saw no risk before anybody answered."""

    alert_id: UUID
    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    closed_at: datetime
