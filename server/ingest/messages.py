"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EventReceived:
    """An Event is durable here and waits for review."""

    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    occurred_at: datetime
    received_at: datetime
