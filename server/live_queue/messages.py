"""What the live queue announces: ids and times, never who and never what was typed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EventClaimed:
    """A moderator holds it."""

    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class EventReleased:
    """It waits again: handed back, or its lease ran out."""

    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    released_at: datetime
