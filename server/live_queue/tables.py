"""The row that carries an event through review."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.db import Table


class ReviewItemRow(Table):
    """One event's place in the queue. ``band`` and ``sort_at`` are set once, when it is received."""

    __tablename__ = "review_item"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    trust_id: Mapped[UUID]
    academy_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(Text)
    band: Mapped[int] = mapped_column(SmallInteger)
    sort_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    claim_token: Mapped[UUID | None]
    claim_expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    claimed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int]
