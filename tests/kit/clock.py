"""A clock that stands still until it is told to move."""

from datetime import UTC, datetime, timedelta

# A Monday in term, early enough that nothing in a test lies in the future of the database's own clock.
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


class FakeClock:
    """Satisfies ``server.kit.clock.Clock``."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, **parts: float) -> datetime:
        """Move on by ``timedelta(**parts)``; returns the new time."""
        self.at += timedelta(**parts)
        return self.at
