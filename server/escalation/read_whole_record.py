"""A Student's record with its referrals: what the record knows, and what was sent out and came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from server.access.scope import Actor
from server.escalation.domain import Agency, AnswerView, Consent, Decision, ReferralView, derive_state
from server.escalation.repository import decisions_of, list_answers_of, list_referrals_of
from server.escalation.tables import OutcomeRow, ReferralRow
from server.kit.db import WriteSession
from server.record.domain import ChronologyEntry, ChronologyKind, Record, in_order, is_late_entry
from server.record.read_record import read_record
from server.record.repository import names_of


@dataclass(frozen=True, slots=True)
class WholeRecord:
    """``chronology`` is the record's, with referrals and outcomes in their places."""

    record: Record
    referrals: tuple[ReferralView, ...]
    chronology: tuple[ChronologyEntry, ...]


def read_whole_record(session: WriteSession, actor: Actor, student_id: UUID) -> WholeRecord:
    """Everything there is about one Student; audited. NotFoundError for whom the reader may not know."""
    record = read_record(session, actor, student_id)
    referrals, answers = list_referrals_of(session, student_id), list_answers_of(session, student_id)
    names = names_of(session, {row.referred_by for row in referrals} | {row.recorded_by for row in answers})
    by_id = {row.id: row for row in referrals}
    lines = [_of_referral(row, names) for row in referrals]
    lines += [_of_answer(row, by_id[row.referral_id], names) for row in answers]
    return WholeRecord(
        record=record,
        referrals=tuple(
            _view(row, [one for one in answers if one.referral_id == row.id], names) for row in referrals
        ),
        chronology=in_order((*record.chronology, *lines)),
    )


def _view(row: ReferralRow, answers: Sequence[OutcomeRow], names: Mapping[UUID, str]) -> ReferralView:
    return ReferralView(
        id=row.id,
        concern_id=row.concern_id,
        agency=Agency(row.agency),
        reference=row.reference,
        rationale=row.rationale,
        consent=Consent(row.consent),
        state=derive_state(decisions_of(answers)),
        referred_at=row.referred_at,
        decision_due_at=row.decision_due_at,
        outcomes=tuple(
            AnswerView(Decision(one.decision), one.what, one.outcome_at, names.get(one.recorded_by, ""))
            for one in answers
        ),
    )


def _of_referral(row: ReferralRow, names: Mapping[UUID, str]) -> ChronologyEntry:
    return ChronologyEntry(
        id=row.id,
        at=row.referred_at,
        recorded_at=row.referred_at,
        kind=ChronologyKind.REFERRAL,
        title=f"Referred: {Agency(row.agency).label}",
        detail=row.rationale,
        by=names.get(row.referred_by, ""),
        concern_id=row.concern_id,
        late_entry=False,
    )


def _of_answer(row: OutcomeRow, referral: ReferralRow, names: Mapping[UUID, str]) -> ChronologyEntry:
    return ChronologyEntry(
        id=row.id,
        at=row.outcome_at,
        recorded_at=row.recorded_at,
        kind=ChronologyKind.OUTCOME,
        title=f"{Decision(row.decision).label}: {Agency(referral.agency).label}",
        detail=row.what,
        by=names.get(row.recorded_by, ""),
        concern_id=referral.concern_id,
        late_entry=is_late_entry(row.outcome_at, row.recorded_at),
    )
