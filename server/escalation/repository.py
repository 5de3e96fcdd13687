"""Every query of escalation. Whose rows they see, row-level security decides by the session's scope."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from server.escalation.domain import Decision
from server.escalation.tables import OutcomeRow, ReferralRow
from server.kit.db import WriteSession


def lock_referral(session: WriteSession, referral_id: UUID) -> ReferralRow | None:
    """The Referral, with every other writer of its answers waiting until this transaction ends.

    People hold no UPDATE on a Referral and so cannot lock its row; an advisory lock on its id does it.
    """
    found = session.get(ReferralRow, referral_id)
    if found is not None:
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 0))"), {"id": f"referral:{referral_id}"}
        )
    return found


def list_answers(session: Session, referral_id: UUID) -> Sequence[OutcomeRow]:
    """What came back on one Referral, as it was recorded."""
    return session.scalars(
        select(OutcomeRow)
        .where(OutcomeRow.referral_id == referral_id)
        .order_by(OutcomeRow.recorded_at, OutcomeRow.id)
    ).all()


def list_referrals_of(session: Session, student_id: UUID) -> Sequence[ReferralRow]:
    """Every Referral about a Student, oldest first."""
    return session.scalars(
        select(ReferralRow)
        .where(ReferralRow.student_id == student_id)
        .order_by(ReferralRow.referred_at, ReferralRow.id)
    ).all()


def list_answers_of(session: Session, student_id: UUID) -> Sequence[OutcomeRow]:
    """Everything that came back about a Student, as it was recorded."""
    return session.scalars(
        select(OutcomeRow)
        .where(OutcomeRow.student_id == student_id)
        .order_by(OutcomeRow.recorded_at, OutcomeRow.id)
    ).all()


def decisions_of(answers: Sequence[OutcomeRow]) -> list[Decision]:
    """The answers' decisions, in the order given."""
    return [Decision(answer.decision) for answer in answers]
