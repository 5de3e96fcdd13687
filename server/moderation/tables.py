"""The append-only rows of what moderators decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.db import Table


class GradeRow(Table):
    """One Grade. ``message`` is sealed under the event's data key."""

    __tablename__ = "grade"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    trust_id: Mapped[UUID]
    academy_id: Mapped[UUID]
    moderator_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    category: Mapped[str] = mapped_column(Text)
    theme: Mapped[str] = mapped_column(Text)
    severity: Mapped[int] = mapped_column(SmallInteger)
    message: Mapped[bytes] = mapped_column(LargeBinary)
    subject_role: Mapped[str] = mapped_column(Text)
    authenticity: Mapped[str] = mapped_column(Text)
    immediacy: Mapped[str] = mapped_column(Text)
    call_required: Mapped[bool]
    call_reason: Mapped[str | None] = mapped_column(Text)
    graded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DismissalRow(Table):
    """One Dismissal."""

    __tablename__ = "dismissal"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    trust_id: Mapped[UUID]
    academy_id: Mapped[UUID]
    moderator_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(Text)
    dismissed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
