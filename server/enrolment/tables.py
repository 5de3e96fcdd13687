"""The rows of enrolment tokens and devices."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, ForeignKey, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.db import Table


class EnrolmentTokenRow(Table):
    """One token that admits devices to an Academy, a limited number of times, until it expires."""

    __tablename__ = "enrolment_token"

    token_sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    academy_id: Mapped[UUID] = mapped_column(ForeignKey("academy.id"))
    trust_id: Mapped[UUID] = mapped_column(ForeignKey("trust.id"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    max_uses: Mapped[int]
    uses: Mapped[int]


class DeviceRow(Table):
    """An enrolled device. ``state``, ``counters`` and ``reasons`` are what its last heartbeat said."""

    __tablename__ = "device"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    academy_id: Mapped[UUID] = mapped_column(ForeignKey("academy.id"))
    trust_id: Mapped[UUID] = mapped_column(ForeignKey("trust.id"))
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    platform: Mapped[str] = mapped_column(Text)
    agent_version: Mapped[str] = mapped_column(Text)
    enrolled_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(Text, server_default="enrolled")
    counters: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
