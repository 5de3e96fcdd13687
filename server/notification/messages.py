"""What notification announces: ids and times."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AlertTold:
    """The first mail to a DSL or deputy has been handed over."""

    alert_id: UUID
    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    told_at: datetime


@dataclass(frozen=True, slots=True)
class AlertAcknowledged:
    """A DSL or deputy said: I have it."""

    alert_id: UUID
    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    acknowledged_at: datetime
