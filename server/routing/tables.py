"""The row of an alert."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.db import Table


class AlertRow(Table):
    """A graded Event addressed to one Academy. ``chase_step`` counts how often people were told."""

    __tablename__ = "alert"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    grade_id: Mapped[UUID] = mapped_column(ForeignKey("grade.id"))
    academy_id: Mapped[UUID] = mapped_column(ForeignKey("academy.id"))
    trust_id: Mapped[UUID] = mapped_column(ForeignKey("trust.id"))
    student_id: Mapped[UUID | None] = mapped_column(ForeignKey("student.id"))
    category: Mapped[str] = mapped_column(Text)
    theme: Mapped[str] = mapped_column(Text)
    severity: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    raised_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    acknowledged_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    acknowledged_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_reason: Mapped[str | None] = mapped_column(Text)
    acknowledge_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    next_chase_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    chase_step: Mapped[int] = mapped_column(SmallInteger)
