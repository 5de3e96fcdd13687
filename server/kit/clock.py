"""The only place that reads the time. Everything is UTC and timezone-aware."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What gives the time; tests pass one that stands still."""

    def now(self) -> datetime:
        """The present moment, UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)
