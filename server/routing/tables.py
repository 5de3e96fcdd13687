"""The row of an alert."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.db import Table


class AlertRow(Table):
    """An Event addressed to one Academy: graded, or sent unreviewed because nobody graded it in time.

    ``chase_step`` counts how often people were told.
    """

    __tablename__ = "alert"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    grade_id: Mapped[UUID | None] = mapped_column(ForeignKey("grade.id"))
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
    unreviewed_severity: Mapped[int | None] = mapped_column(SmallInteger)
    """The predicted level it went out under; None for an alert that began with a Grade."""
    reviewed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When a moderator's verdict reached an alert that had gone out unreviewed."""
    dismissal_reason: Mapped[str | None] = mapped_column(Text)
    """That verdict, if it was a Dismissal."""
    correction_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """Since when those who were told wait to hear that the verdict is another."""
    chase_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When the chase began anew, under another level."""
    chase_base: Mapped[int] = mapped_column(SmallInteger)
    """``chase_step`` at that moment."""

    @property
    def is_unreviewed(self) -> bool:
        """Whether no person has judged it yet."""
        return self.grade_id is None and self.dismissal_reason is None
