"""Rows of the record. The background role and people alike may only add to them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.db import Table


class ConcernRow(Table):
    """One entry in a student's record."""

    __tablename__ = "concern"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    academy_id: Mapped[UUID]
    trust_id: Mapped[UUID]
    student_id: Mapped[UUID]
    alert_id: Mapped[UUID | None]
    category: Mapped[str]
    theme: Mapped[str]
    severity: Mapped[int] = mapped_column(SmallInteger)
    summary: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_by: Mapped[UUID]


class ActionRow(Table):
    """Something to be done about a Concern."""

    __tablename__ = "action"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    concern_id: Mapped[UUID]
    academy_id: Mapped[UUID]
    trust_id: Mapped[UUID]
    student_id: Mapped[UUID]
    what: Mapped[str]
    owner_id: Mapped[UUID]
    due_on: Mapped[date | None]
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    added_by: Mapped[UUID]


class ConcernEntryRow(Table):
    """A further entry to a Concern: a note, an action done, a closing, a reopening."""

    __tablename__ = "concern_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    concern_id: Mapped[UUID]
    academy_id: Mapped[UUID]
    student_id: Mapped[UUID]
    kind: Mapped[str]
    action_id: Mapped[UUID | None]
    text: Mapped[str]
    outcome_code: Mapped[str | None]
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_by: Mapped[UUID]
