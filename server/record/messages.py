"""What the record announces: ids and times, never a word of what was written."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ConcernOpened:
    """A Concern stands in the record. ``alert_id`` and ``event_id`` are None when staff wrote it."""

    concern_id: UUID
    alert_id: UUID | None
    event_id: UUID | None
    trust_id: UUID
    academy_id: UUID
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ActionAdded:
    """Somebody is to do something about a Concern."""

    action_id: UUID
    concern_id: UUID
    event_id: UUID | None
    trust_id: UUID
    academy_id: UUID
    added_at: datetime


@dataclass(frozen=True, slots=True)
class ActionCompleted:
    """It was done."""

    action_id: UUID
    concern_id: UUID
    event_id: UUID | None
    trust_id: UUID
    academy_id: UUID
    done_at: datetime


@dataclass(frozen=True, slots=True)
class ConcernClosed:
    """A Concern was closed with an outcome."""

    concern_id: UUID
    event_id: UUID | None
    trust_id: UUID
    academy_id: UUID
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class ConcernReopened:
    """A closed Concern was opened again."""

    concern_id: UUID
    event_id: UUID | None
    trust_id: UUID
    academy_id: UUID
    reopened_at: datetime
