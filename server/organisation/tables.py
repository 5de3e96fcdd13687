"""The rows of trusts, academies, staff and appointments."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.db import Table


class TrustRow(Table):
    """A Multi-Academy Trust."""

    __tablename__ = "trust"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class AcademyRow(Table):
    """One school of a Trust."""

    __tablename__ = "academy"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    trust_id: Mapped[UUID] = mapped_column(ForeignKey("trust.id"))
    name: Mapped[str] = mapped_column(Text)
    phase: Mapped[str] = mapped_column(Text)
    urn: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class StaffRow(Table):
    """A person who signs in. ``password_hash`` is argon2's, parameters included."""

    __tablename__ = "staff"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text)
    display_name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class AppointmentRow(Table):
    """A role somebody holds, for one Academy or for the whole Trust, between two days."""

    __tablename__ = "appointment"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[str] = mapped_column(Text)
    trust_id: Mapped[UUID] = mapped_column(ForeignKey("trust.id"))
    academy_id: Mapped[UUID | None] = mapped_column(ForeignKey("academy.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
