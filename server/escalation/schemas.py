"""What crosses HTTP at escalation's doors: a Student's whole record, referrals and outcomes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from server.escalation.domain import Agency, Consent, Decision, ReferralState, ReferralView
from server.escalation.read_whole_record import WholeRecord
from server.record.domain import (
    SUMMARY_MAX_CHARACTERS,
    ChronologyEntry,
    ChronologyKind,
    ConcernState,
    ConcernView,
)

Text = Annotated[str, Field(min_length=1, max_length=SUMMARY_MAX_CHARACTERS)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReferBody(_Asked):
    """Where it goes, why, and what was asked of the family."""

    agency: Agency
    reference: Annotated[str, Field(max_length=200)] = ""
    rationale: Text
    consent: Consent


class ReferralIdView(BaseModel):
    """The new Referral."""

    referral_id: UUID


class RecordOutcomeBody(_Asked):
    """What came back; ``outcome_at`` left out means: now."""

    decision: Decision
    what: Text
    outcome_at: AwareDatetime | None = None


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class StudentShown(_Shown):
    """Who the record is about."""

    id: UUID
    display_name: str
    date_of_birth: date | None
    year_group: int | None
    registration_group: str | None
    academy_name: str


class AttendanceShown(_Shown):
    """The year's attendance as the MIS last told it; sessions are half days."""

    percent: float | None
    sessions_possible: int
    sessions_present: int
    authorised: int
    unauthorised: int
    late: int
    as_at: datetime


class BehaviourShown(_Shown):
    """One entry of the behaviour log."""

    occurred_on: date
    kind: str
    points: int
    note: str


class ActionShown(_Shown):
    """Something to be done, or done."""

    id: UUID
    what: str
    owner_name: str
    due_on: date | None
    done_at: datetime | None


class AnswerShown(_Shown):
    """One answer of an agency."""

    decision: Decision
    what: str
    outcome_at: datetime
    recorded_by_name: str


class ReferralShown(_Shown):
    """A Referral with its answers."""

    id: UUID
    agency: Agency
    reference: str
    rationale: str
    consent: Consent
    state: ReferralState
    referred_at: datetime
    decision_due_at: datetime
    outcomes: list[AnswerShown]


class ConcernShown(BaseModel):
    """A Concern with its Actions and Referrals."""

    id: UUID
    category: str
    theme: str
    severity: int
    summary: str
    state: ConcernState
    alert_id: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    recorded_by_name: str
    actions: list[ActionShown]
    referrals: list[ReferralShown]

    @classmethod
    def of(cls, concern: ConcernView, referrals: Sequence[ReferralView]) -> "ConcernShown":
        """The record's Concern and escalation's Referrals, put together."""
        return cls(
            id=concern.id,
            category=concern.category,
            theme=concern.theme,
            severity=concern.severity,
            summary=concern.summary,
            state=concern.state,
            alert_id=concern.alert_id,
            occurred_at=concern.occurred_at,
            recorded_at=concern.recorded_at,
            recorded_by_name=concern.recorded_by_name,
            actions=[ActionShown.model_validate(one) for one in concern.actions],
            referrals=[
                ReferralShown.model_validate(one) for one in referrals if one.concern_id == concern.id
            ],
        )


class ChronologyShown(BaseModel):
    """One line of the story. ``recorded_at`` is None where the MIS does not say."""

    id: UUID
    at: datetime
    recorded_at: datetime | None
    kind: ChronologyKind
    title: str
    detail: str
    by: str
    concern_id: UUID | None
    late_entry: bool

    @classmethod
    def of(cls, entry: ChronologyEntry) -> "ChronologyShown":
        """The same line."""
        return cls.model_validate(entry, from_attributes=True)


class RecordShown(BaseModel):
    """Everything about one Student."""

    student: StudentShown
    attendance: AttendanceShown | None
    behaviour: list[BehaviourShown]
    concerns: list[ConcernShown]
    chronology: list[ChronologyShown]

    @classmethod
    def of(cls, whole: WholeRecord) -> "RecordShown":
        """The record as the page shows it."""
        record = whole.record
        attendance = record.attendance
        return cls(
            student=StudentShown.model_validate(record.student),
            attendance=AttendanceShown.model_validate(attendance) if attendance is not None else None,
            behaviour=[BehaviourShown.model_validate(one) for one in record.behaviour],
            concerns=[ConcernShown.of(one, whole.referrals) for one in record.concerns],
            chronology=[ChronologyShown.of(entry) for entry in whole.chronology],
        )
