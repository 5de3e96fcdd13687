"""What moderation announces: ids and times."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EventGraded:
    """A moderator saw a risk; the school must be told."""

    event_id: UUID
    grade_id: UUID
    trust_id: UUID
    academy_id: UUID
    graded_at: datetime


@dataclass(frozen=True, slots=True)
class EventDismissed:
    """A moderator saw none."""

    event_id: UUID
    dismissal_id: UUID
    trust_id: UUID
    academy_id: UUID
    dismissed_at: datetime
