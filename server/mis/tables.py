"""The rows of students, their sign-in accounts, attendance and behaviour."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.db import Table


class StudentRow(Table):
    """A student of one Academy. Leavers stay, with ``left_on``; retention decides when they go."""

    __tablename__ = "student"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    academy_id: Mapped[UUID] = mapped_column(ForeignKey("academy.id"))
    trust_id: Mapped[UUID] = mapped_column(ForeignKey("trust.id"))
    mis_id: Mapped[str] = mapped_column(Text)
    upn: Mapped[str | None] = mapped_column(Text)
    given_name: Mapped[str] = mapped_column(Text)
    family_name: Mapped[str] = mapped_column(Text)
    date_of_birth: Mapped[date | None]
    year_group: Mapped[int | None] = mapped_column(SmallInteger)
    registration_group: Mapped[str | None] = mapped_column(Text)
    pseudonym: Mapped[str] = mapped_column(Text)
    left_on: Mapped[date | None]
    synced_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    @property
    def display_name(self) -> str:
        """The name a DSL reads."""
        return f"{self.given_name} {self.family_name}"


class StudentAccountRow(Table):
    """Which student signs in under an account name, in lower case."""

    __tablename__ = "student_account"

    academy_id: Mapped[UUID] = mapped_column(ForeignKey("academy.id"), primary_key=True)
    account: Mapped[str] = mapped_column(Text, primary_key=True)
    student_id: Mapped[UUID] = mapped_column(ForeignKey("student.id"))


class AttendanceSummaryRow(Table):
    """A student's sessions (half days) of the academic year so far."""

    __tablename__ = "attendance_summary"

    student_id: Mapped[UUID] = mapped_column(ForeignKey("student.id"), primary_key=True)
    academy_id: Mapped[UUID] = mapped_column(ForeignKey("academy.id"))
    sessions_possible: Mapped[int]
    sessions_present: Mapped[int]
    sessions_authorised_absence: Mapped[int]
    sessions_unauthorised_absence: Mapped[int]
    late: Mapped[int]
    as_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class BehaviourEntryRow(Table):
    """One entry of the school's behaviour log."""

    __tablename__ = "behaviour_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    student_id: Mapped[UUID] = mapped_column(ForeignKey("student.id"))
    academy_id: Mapped[UUID] = mapped_column(ForeignKey("academy.id"))
    mis_id: Mapped[str] = mapped_column(Text)
    occurred_on: Mapped[date]
    kind: Mapped[str] = mapped_column(Text)
    points: Mapped[int]
    note: Mapped[str] = mapped_column(Text)
