"""The read model of response times: one row per Event, no student, no text."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, FetchedValue, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.db import Table

_TIME = DateTime(timezone=True)


class ResponseTimeRow(Table):
    """When each step of one Event's way happened. Every time is UTC and None until it happens."""

    __tablename__ = "response_time"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    trust_id: Mapped[UUID]
    academy_id: Mapped[UUID]
    category: Mapped[str | None]
    theme: Mapped[str | None]
    severity: Mapped[int | None] = mapped_column(SmallInteger)
    occurred_at: Mapped[datetime | None] = mapped_column(_TIME)
    received_at: Mapped[datetime | None] = mapped_column(_TIME)
    claimed_at: Mapped[datetime | None] = mapped_column(_TIME)
    graded_at: Mapped[datetime | None] = mapped_column(_TIME)
    dismissed_at: Mapped[datetime | None] = mapped_column(_TIME)
    raised_at: Mapped[datetime | None] = mapped_column(_TIME)
    unreviewed_at: Mapped[datetime | None] = mapped_column(_TIME)
    """The same, where it was raised because nobody had decided in time."""
    acknowledge_due_at: Mapped[datetime | None] = mapped_column(_TIME)
    told_at: Mapped[datetime | None] = mapped_column(_TIME)
    acknowledged_at: Mapped[datetime | None] = mapped_column(_TIME)
    recorded_at: Mapped[datetime | None] = mapped_column(_TIME)
    first_action_at: Mapped[datetime | None] = mapped_column(_TIME)
    referred_at: Mapped[datetime | None] = mapped_column(_TIME)
    outcome_at: Mapped[datetime | None] = mapped_column(_TIME)
    closed_at: Mapped[datetime | None] = mapped_column(_TIME)
    reopened_at: Mapped[datetime | None] = mapped_column(_TIME)
    latest_at: Mapped[datetime | None] = mapped_column(_TIME, FetchedValue())
    """Whenever anything last happened; follows from the others, in the database."""
    is_unfinished: Mapped[bool] = mapped_column(FetchedValue())
    """Neither dismissed nor closed; follows from the others, in the database."""
