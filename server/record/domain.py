"""What a safeguarding record is made of, as plain values and pure rules.

A Concern's state is never stored: it follows from its entries. A mistake is put right by a further
entry. Source: DOMAIN.md DS-05, DS-09, N13 and §B4 (what closing needs).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from server.kit.errors import ConflictError, InvalidError
from shared.taxonomy import Category, Severity, Theme

LATE_AFTER = timedelta(hours=24)
"""An entry written longer than this after what it tells of is marked as a late entry."""
CLOCK_SKEW = timedelta(minutes=5)
RATIONALE_MIN_CHARACTERS = 10
SUMMARY_MAX_CHARACTERS = 10_000


class AlreadyRecordedError(ConflictError):
    """The Alert was taken into the record before, otherwise than now asked."""

    code = "already_recorded"


class AlreadyDoneError(ConflictError):
    """The Action was marked as done before."""

    code = "already_done"


class ConcernClosedError(ConflictError):
    """The Concern is closed; it must be reopened first."""

    code = "concern_closed"


class ConcernOpenError(ConflictError):
    """The Concern is open; there is nothing to reopen."""

    code = "concern_open"


class AlertClosedError(ConflictError):
    """The Alert was ended without further action; a Concern can still be written by hand."""

    code = "alert_closed"


class SecondPersonError(ConflictError):
    """A Level 5 Concern is closed by somebody other than who recorded it."""

    code = "second_person"


class StudentRequiredError(InvalidError):
    """The Alert names no Student, so whoever records it must."""

    code = "student_required"


class ConcernState(StrEnum):
    """Derived, never stored."""

    OPEN = "open"
    CLOSED = "closed"


class EntryKind(StrEnum):
    """What can be added to a Concern."""

    NOTE = "note"
    ACTION_DONE = "action_done"
    CLOSED = "closed"
    REOPENED = "reopened"


class OutcomeClass(StrEnum):
    """The ledger of N13: was the answer to harm support, or punishment?"""

    SUPPORT = "support"
    SANCTION = "sanction"
    POLICE = "police"
    NONE = "none"


class OutcomeCode(StrEnum):
    """Why a Concern was closed."""

    SUPPORT_IN_SCHOOL = "support_in_school"
    FAMILY_SUPPORT = "family_support"
    EARLY_HELP = "early_help"
    HEALTH_SUPPORT = "health_support"
    SOCIAL_CARE_SUPPORT = "social_care_support"
    SPECIALIST_SUPPORT = "specialist_support"
    BEHAVIOUR_SANCTION = "behaviour_sanction"
    SUSPENSION = "suspension"
    POLICE_ACTION = "police_action"
    TRANSFERRED = "transferred"
    ALREADY_KNOWN = "already_known"
    NOT_A_CONCERN = "not_a_concern"

    @property
    def label(self) -> str:
        """The words on screen."""
        return _OUTCOME[self][1]

    @property
    def outcome_class(self) -> OutcomeClass:
        """Which column of the ledger it counts under."""
        return _OUTCOME[self][0]


_OUTCOME = {
    OutcomeCode.SUPPORT_IN_SCHOOL: (OutcomeClass.SUPPORT, "Support in school"),
    OutcomeCode.FAMILY_SUPPORT: (OutcomeClass.SUPPORT, "Support with the family"),
    OutcomeCode.EARLY_HELP: (OutcomeClass.SUPPORT, "Early help plan"),
    OutcomeCode.HEALTH_SUPPORT: (OutcomeClass.SUPPORT, "Health or mental health support"),
    OutcomeCode.SOCIAL_CARE_SUPPORT: (OutcomeClass.SUPPORT, "Children's social care involved"),
    OutcomeCode.SPECIALIST_SUPPORT: (OutcomeClass.SUPPORT, "Specialist service involved"),
    OutcomeCode.BEHAVIOUR_SANCTION: (OutcomeClass.SANCTION, "Sanction under the behaviour policy"),
    OutcomeCode.SUSPENSION: (OutcomeClass.SANCTION, "Suspension or exclusion"),
    OutcomeCode.POLICE_ACTION: (OutcomeClass.POLICE, "Police action"),
    OutcomeCode.TRANSFERRED: (OutcomeClass.NONE, "Record passed to the next school"),
    OutcomeCode.ALREADY_KNOWN: (OutcomeClass.NONE, "Already known and being dealt with"),
    OutcomeCode.NOT_A_CONCERN: (OutcomeClass.NONE, "Looked into; no safeguarding concern"),
}


class ChronologyKind(StrEnum):
    """What one line of the chronology tells of."""

    CONCERN = "concern"
    ACTION = "action"
    ACTION_DONE = "action_done"
    NOTE = "note"
    CLOSED = "closed"
    REOPENED = "reopened"
    REFERRAL = "referral"
    OUTCOME = "outcome"
    BEHAVIOUR = "behaviour"


@dataclass(frozen=True, slots=True)
class ChronologyEntry:
    """One line of a student's story. ``at`` is when it happened; ``recorded_at`` when it was written
    down, or None where the source (the MIS) does not say."""

    id: UUID
    at: datetime
    recorded_at: datetime | None
    kind: ChronologyKind
    title: str
    detail: str
    by: str
    concern_id: UUID | None
    late_entry: bool


def in_order(entries: Iterable[ChronologyEntry]) -> tuple[ChronologyEntry, ...]:
    """By when it happened, then by when it was written: the same rows always read alike.

    At one same moment a question stands before its answer (the order of ``ChronologyKind``), then ids decide.
    """
    ranks = {kind: rank for rank, kind in enumerate(ChronologyKind)}
    return tuple(
        sorted(
            entries,
            key=lambda entry: (entry.at, entry.recorded_at or entry.at, ranks[entry.kind], entry.id),
        )
    )


def is_late_entry(occurred_at: datetime, recorded_at: datetime) -> bool:
    """Whether a reader must be told that this was written down well after it happened."""
    return recorded_at - occurred_at > LATE_AFTER


def derive_state(kinds_in_order: Iterable[EntryKind]) -> ConcernState:
    """Open until closed, closed until reopened. ``kinds_in_order`` as they were recorded."""
    state = ConcernState.OPEN
    for kind in kinds_in_order:
        if kind is EntryKind.CLOSED:
            state = ConcernState.CLOSED
        elif kind is EntryKind.REOPENED:
            state = ConcernState.OPEN
    return state


def check_addition(state: ConcernState, kind: EntryKind) -> None:
    """Raise unless ``kind`` may follow ``state``. A note and a finished action are always welcome."""
    if kind is EntryKind.CLOSED and state is ConcernState.CLOSED:
        raise ConcernClosedError("This concern is already closed.")
    if kind is EntryKind.REOPENED and state is ConcernState.OPEN:
        raise ConcernOpenError("This concern is open already.")


def check_closing(severity: Severity, *, text: str, is_same_person: bool) -> None:
    """What closing needs by level (DOMAIN.md §B4): a rationale from Level 4, a second person at Level 5."""
    if severity >= Severity.LEVEL_4 and len(text.strip()) < RATIONALE_MIN_CHARACTERS:
        raise InvalidError("Closing a Level 4 or 5 concern needs your reasons in a sentence.")
    if severity >= Severity.LEVEL_5 and is_same_person:
        raise SecondPersonError("A Level 5 concern is closed by a colleague, not by who recorded it.")


def check_words(category: Category, theme: Theme) -> None:
    """A Theme stands under one Category only."""
    if theme.category is not category:
        raise InvalidError(f"Theme {theme.value} does not stand under category {category.value}.")


def check_text(text: str) -> str:
    """The text without its edges; raises when nothing is left or it is beyond any sensible length."""
    stripped = text.strip()
    if not stripped:
        raise InvalidError("Say something: the text is empty.")
    if len(stripped) > SUMMARY_MAX_CHARACTERS:
        raise InvalidError(f"At most {SUMMARY_MAX_CHARACTERS} characters.")
    return stripped


def check_not_in_future(occurred_at: datetime, now: datetime) -> None:
    """Nothing is recorded before it happens."""
    if occurred_at > now + CLOCK_SKEW:
        raise InvalidError("That time has not come yet.")


@dataclass(frozen=True, slots=True)
class ActionView:
    """An Action as a reader sees it; ``done_at`` is None while it is to be done."""

    id: UUID
    what: str
    owner_name: str
    due_on: date | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConcernView:
    """A Concern as a reader sees it, its state derived from its entries."""

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
    actions: tuple[ActionView, ...]


@dataclass(frozen=True, slots=True)
class StudentView:
    """Who the record is about."""

    id: UUID
    academy_id: UUID
    academy_name: str
    display_name: str
    date_of_birth: date | None
    year_group: int | None
    registration_group: str | None


@dataclass(frozen=True, slots=True)
class AttendanceView:
    """The year's attendance as the MIS last told it. Sessions are half days."""

    percent: float | None
    sessions_possible: int
    sessions_present: int
    authorised: int
    unauthorised: int
    late: int
    as_at: datetime


@dataclass(frozen=True, slots=True)
class BehaviourView:
    """One entry of the school's behaviour log."""

    id: UUID
    occurred_on: date
    kind: str
    points: int
    note: str


@dataclass(frozen=True, slots=True)
class Record:
    """Everything this room and the MIS know of one Student."""

    student: StudentView
    attendance: AttendanceView | None
    behaviour: tuple[BehaviourView, ...]
    concerns: tuple[ConcernView, ...]
    chronology: tuple[ChronologyEntry, ...]


def attendance_percent(present: int, possible: int) -> float | None:
    """Present of possible sessions, to one decimal; None before the first session."""
    return round(100 * present / possible, 1) if possible else None
