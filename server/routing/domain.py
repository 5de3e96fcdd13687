"""States of an Alert, the one table of how they follow, and when an acknowledgement is due. Pure.

Source: DOMAIN.md §B4. School hours are 08:00 to 17:00 in London, Monday to Friday; holidays are not
known here, so a due time may fall on one: too early a reminder is the safer mistake.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from server.kit.errors import ConflictError, InvalidError
from shared.taxonomy import Severity

LONDON = ZoneInfo("Europe/London")
OPENS = time(8, 0)
CLOSES = time(17, 0)
MORNING = time(9, 0)
SATURDAY = 5
LEVEL_5_WITHIN = timedelta(minutes=15)
LEVEL_4_WITHIN = timedelta(hours=1)
LEVEL_2_SCHOOL_DAYS = 10
REASON_MIN_CHARACTERS = 5
REASON_MAX_CHARACTERS = 1_000
WITHDRAWN_REASON = "A moderator has looked at it since and saw no risk."


class AlertState(StrEnum):
    """Where an Alert stands; the database checks the same words."""

    RAISED = "raised"
    TOLD = "told"
    ACKNOWLEDGED = "acknowledged"
    RECORDED = "recorded"
    NO_FURTHER_ACTION = "no_further_action"


class AlertStep(StrEnum):
    """What can happen to it."""

    TELL = "tell"
    ACKNOWLEDGE = "acknowledge"
    RECORD = "record"
    END = "end"
    WITHDRAW = "withdraw"
    """A moderator saw no risk in what had gone out unreviewed."""


_TRANSITIONS: dict[tuple[AlertState, AlertStep], AlertState] = {
    (AlertState.RAISED, AlertStep.TELL): AlertState.TOLD,
    # A DSL who looks at the page may be quicker than the mail.
    (AlertState.RAISED, AlertStep.ACKNOWLEDGE): AlertState.ACKNOWLEDGED,
    (AlertState.TOLD, AlertStep.ACKNOWLEDGE): AlertState.ACKNOWLEDGED,
    (AlertState.ACKNOWLEDGED, AlertStep.RECORD): AlertState.RECORDED,
    (AlertState.ACKNOWLEDGED, AlertStep.END): AlertState.NO_FURTHER_ACTION,
    # Once somebody at the academy has it, ending it is theirs alone.
    (AlertState.RAISED, AlertStep.WITHDRAW): AlertState.NO_FURTHER_ACTION,
    (AlertState.TOLD, AlertStep.WITHDRAW): AlertState.NO_FURTHER_ACTION,
}
OPEN_STATES = frozenset({AlertState.RAISED, AlertState.TOLD, AlertState.ACKNOWLEDGED})
UNANSWERED_STATES = frozenset({AlertState.RAISED, AlertState.TOLD})


class ImpossibleAlertStepError(ConflictError):
    """The Alert is not in a state from which this can be done."""

    code = "impossible_step"


class ReasonError(InvalidError):
    """Ending an Alert needs a reason somebody can read later."""

    code = "reason_needed"


def after(state: AlertState, step: AlertStep) -> AlertState:
    """The state that follows; raises ImpossibleAlertStepError, which says what to do first."""
    found = _TRANSITIONS.get((state, step))
    if found is not None:
        return found
    if state in UNANSWERED_STATES:
        raise ImpossibleAlertStepError("Acknowledge this alert first.")
    if state is AlertState.ACKNOWLEDGED:
        raise ImpossibleAlertStepError("This alert has been acknowledged already.")
    raise ImpossibleAlertStepError("This alert is finished: " + state.value.replace("_", " ") + ".")


def check_reason(reason: str) -> str:
    """The reason as it will be kept; raises ReasonError."""
    kept = reason.strip()
    if not REASON_MIN_CHARACTERS <= len(kept) <= REASON_MAX_CHARACTERS:
        raise ReasonError(f"Give a reason of {REASON_MIN_CHARACTERS} to {REASON_MAX_CHARACTERS} characters.")
    return kept


def acknowledge_due_at(severity: Severity, raised_at: datetime) -> datetime | None:
    """By when somebody at the academy must have answered, in UTC; None for Level 1.

    Level 5: 15 minutes, always. Level 4: an hour in school hours; out of hours the next 09:00, on any
    day of the week and never in less than that hour, because "today" cannot wait for Monday. Level 3:
    the end of the next school day. Level 2: the end of the tenth.
    """
    if severity is Severity.LEVEL_5:
        return raised_at + LEVEL_5_WITHIN
    if severity is Severity.LEVEL_4:
        return raised_at + LEVEL_4_WITHIN if in_school_hours(raised_at) else next_morning(raised_at)
    if severity is Severity.LEVEL_3:
        return end_of_school_day(raised_at, 1)
    if severity is Severity.LEVEL_2:
        return end_of_school_day(raised_at, LEVEL_2_SCHOOL_DAYS)
    return None


def in_school_hours(moment: datetime) -> bool:
    """Whether somebody can be expected in school."""
    local = moment.astimezone(LONDON)
    return is_school_day(local.date()) and OPENS <= local.time() < CLOSES


def is_school_day(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < SATURDAY


def next_morning(moment: datetime) -> datetime:
    """The first 09:00 in London that is at least an hour after ``moment``, on any day."""
    local = (moment + LEVEL_4_WITHIN).astimezone(LONDON)
    day = local.date() if local.time() <= MORNING else local.date() + timedelta(days=1)
    return _at(day, MORNING)


def next_school_morning(moment: datetime) -> datetime:
    """The first 09:00 in London after ``moment`` that lies on a school day."""
    local = moment.astimezone(LONDON)
    if is_school_day(local.date()) and local.time() < MORNING:
        return _at(local.date(), MORNING)
    return _at(school_day_after(local.date(), 1), MORNING)


def end_of_school_day(moment: datetime, days: int) -> datetime:
    """17:00 in London, ``days`` school days after the day of ``moment``."""
    return _at(school_day_after(moment.astimezone(LONDON).date(), days), CLOSES)


def school_day_after(day: date, days: int) -> date:
    """The ``days``-th school day after ``day``."""
    while days > 0:
        day += timedelta(days=1)
        days -= is_school_day(day)
    return day


def _at(day: date, clock: time) -> datetime:
    # London's wall clock decides, then UTC: 09:00 stays 09:00 on the morning after the clocks change.
    return datetime.combine(day, clock, LONDON).astimezone(UTC)
