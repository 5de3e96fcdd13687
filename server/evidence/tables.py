"""The rows of events, their data keys and their screenshots.

The event's row stands here, below the room that writes it, because this room opens its body.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, ForeignKey, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.db import Table


class RecordKeyRow(Table):
    """A wrapped data key. ``wrapped`` becomes NULL when it is destroyed."""

    __tablename__ = "record_key"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    destroyed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class EventRow(Table):
    """An Event as received. Nobody may change it; ``body`` is sealed under its data key."""

    __tablename__ = "event"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    device_id: Mapped[UUID]
    academy_id: Mapped[UUID]
    trust_id: Mapped[UUID]
    student_id: Mapped[UUID | None]
    student_pseudonym: Mapped[str] = mapped_column(Text)
    age_band: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    theme: Mapped[str] = mapped_column(Text)
    severity: Mapped[int] = mapped_column(SmallInteger)
    probability: Mapped[float]
    pack_version: Mapped[str] = mapped_column(Text)
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text))
    application: Mapped[str] = mapped_column(Text)
    dedup_key: Mapped[str] = mapped_column(Text)
    schema_version: Mapped[int] = mapped_column(SmallInteger)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("record_key.id"))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    evidence_sha256: Mapped[str | None] = mapped_column(Text)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class EvidenceRow(Table):
    """A screenshot that arrived; its sealed bytes lie in the blob store under ``blob_name``."""

    __tablename__ = "evidence"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), primary_key=True)
    trust_id: Mapped[UUID]
    academy_id: Mapped[UUID]
    blob_name: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int]
    stored_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
