"""Rows of escalation. They can only be added to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.orm import Mapped, mapped_column

from server.kit.db import Table


class ReferralRow(Table):
    """A Concern sent to an agency."""

    __tablename__ = "referral"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    concern_id: Mapped[UUID]
    academy_id: Mapped[UUID]
    trust_id: Mapped[UUID]
    student_id: Mapped[UUID]
    agency: Mapped[str]
    reference: Mapped[str]
    rationale: Mapped[str]
    consent: Mapped[str]
    referred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    referred_by: Mapped[UUID]
    decision_due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class OutcomeRow(Table):
    """One answer of the agency."""

    __tablename__ = "outcome"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID]
    academy_id: Mapped[UUID]
    trust_id: Mapped[UUID]
    student_id: Mapped[UUID]
    decision: Mapped[str]
    what: Mapped[str]
    outcome_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_by: Mapped[UUID]
