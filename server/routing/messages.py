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
class AlertClosed:
    """A DSL ended it without further action."""

    alert_id: UUID
    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    closed_at: datetime
