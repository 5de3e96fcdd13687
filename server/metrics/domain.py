"""Which Message moves which time of the read model, and what each number on the board means, in words.

Nothing here can name a student. Source: DOMAIN.md TR-02, TR-03.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MAX_WEEKS = 52

# Message name → {field of the Message: column of response_time}. Each Message sets only its own columns,
# so that any order of arrival, and any repetition, ends in the same row.
TIMES_OF: dict[str, dict[str, str]] = {
    "EventReceived": {"occurred_at": "occurred_at", "received_at": "received_at"},
    "EventClaimed": {"claimed_at": "claimed_at"},
    "EventGraded": {"graded_at": "graded_at"},
    "EventDismissed": {"dismissed_at": "dismissed_at"},
    "AlertRaised": {"raised_at": "raised_at", "acknowledge_due_at": "acknowledge_due_at"},
    "EventSentUnreviewed": {"raised_at": "unreviewed_at"},
    "AlertReviewed": {},
    "AlertTold": {"told_at": "told_at"},
    "AlertAcknowledged": {"acknowledged_at": "acknowledged_at"},
    "AlertClosed": {"closed_at": "closed_at"},
    "ConcernOpened": {"recorded_at": "recorded_at"},
    "ActionAdded": {"added_at": "first_action_at"},
    "ReferralMade": {"referred_at": "referred_at"},
    "OutcomeRecorded": {"outcome_at": "outcome_at"},
    "ConcernClosed": {"closed_at": "closed_at"},
    "ConcernReopened": {"reopened_at": "reopened_at"},
}

ALERT_MAY_HAVE_CHANGED = frozenset({"AlertRaised", "EventSentUnreviewed", "AlertReviewed"})
"""After these, an alert's level and the time its answer is due are read again where they stand."""
LATEST_COUNTS = frozenset({"closed_at", "reopened_at"})
"""Of these the last time counts; of every other column the first."""


class Measure(StrEnum):
    """A response time on the board."""

    GRADE = "grade"
    TELL = "tell"
    ACKNOWLEDGE = "acknowledge"
    RECORD = "record"
    ACTION = "action"


DEFINITIONS: dict[str, str] = {
    "window": (
        "Counts and times are of the chosen number of weeks, Monday to Sunday, this week included. "
        "What is still open is counted however old it is, so that nothing disappears by being ignored."
    ),
    "grade": "From the server receiving an event to a moderator grading or dismissing it.",
    "tell": "From the grade (from the alert, where it went out unreviewed) to the first e-mail to the school's "
    "safeguarding leads being sent.",
    "acknowledge": "From that e-mail (or from the alert, where none was sent) to somebody saying: I have it.",
    "record": "From the alert being raised to its being taken into the student's safeguarding record.",
    "action": "From there to the first action being added to the concern.",
    "p50": "Half of the finished ones took no longer than this.",
    "p95": "Ninety-five of a hundred finished ones took no longer than this.",
    "n": "How many are finished and therefore in the times beside it.",
    "open_of_a_time": "How many have started and not finished; they are not in p50 and p95. "
    "oldest_open_s is the age of the oldest of them.",
    "alerts": "Events that became alerts in these weeks, by level: the moderator's, or the software's where none "
    "has judged it.",
    "unreviewed": "Of these, alerts that went out because no moderator had decided in time.",
    "open": "Alerts that are neither in a student's record nor ended without further action, of any age.",
    "unacknowledged": "Open alerts that nobody at the school has acknowledged, of any age.",
    "overdue": "Unacknowledged alerts that are past the time by which their level asks for an answer.",
    "concerns_open": "Concerns that came from an alert and are not closed, of any age. Concerns that staff "
    "wrote by hand are not counted here.",
    "referrals": "Alerts of which a concern was first sent to an agency in these weeks.",
    "events": "Events received from devices in these weeks.",
    "dismissed": "Events in which a moderator saw no risk, dismissed in these weeks.",
    "by_severity": "Alerts raised in each week, by level.",
}


@dataclass(frozen=True, slots=True)
class Span:
    """How long one step took. Seconds; ``p50_s`` and ``p95_s`` are None where nothing is finished."""

    p50_s: float | None = None
    p95_s: float | None = None
    n: int = 0
    open: int = 0
    oldest_open_s: float | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened at one Academy, or at all of them."""

    alerts: dict[int, int]
    open: int = 0
    unacknowledged: int = 0
    overdue: int = 0
    concerns_open: int = 0
    referrals: int = 0
    events: int = 0
    dismissed: int = 0
    unreviewed: int = 0


@dataclass(frozen=True, slots=True)
class AcademyLine:
    """One Academy on the board."""

    academy_id: UUID
    name: str
    phase: str
    counts: Counts
    times: dict[Measure, Span]


@dataclass(frozen=True, slots=True)
class Week:
    """Alerts raised in one week, by severity."""

    week_start: date
    by_severity: dict[int, int]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything one reader may see counted and timed."""

    as_at: datetime
    academies: tuple[AcademyLine, ...]
    weeks: tuple[Week, ...]
    totals: Counts
    total_times: dict[Measure, Span]


def week_starts(now: datetime, weeks: int) -> tuple[date, ...]:
    """The Mondays of the last ``weeks`` weeks in England, this week's last."""
    today = now.astimezone(LONDON).date()
    monday = today - timedelta(days=today.weekday())
    return tuple(monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1))


def start_of(day: date) -> datetime:
    """The first moment of a day in England, as UTC."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)
