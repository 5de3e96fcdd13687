"""Who is told when, how often a mail is tried, and how an acknowledging link is read. Pure.

The ladder's times depend only on when an Alert was raised and is due, so a scan that stood still finds
its place again. Source: DOMAIN.md §B4.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from uuid import UUID

from server.kit.errors import ConflictError, KnownError
from server.organisation.domain import Role
from server.routing.domain import in_school_hours, next_school_morning
from shared.taxonomy import DismissalReason, Severity

UNTOLD_AFTER = timedelta(minutes=10)
"""While no mail about an alert has been handed over, it is looked at again this often."""
BACK_OFF = (timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4))
"""Between the tries of one notice; each also outlasts the slowest possible sending."""
ATTEMPTS = len(BACK_OFF) + 1
LEVEL_5_EVERY = ((timedelta(minutes=2), 14), (timedelta(minutes=15), 6))
"""How far apart and how many times; then hourly for as long as it takes."""
LEVEL_4_WARNING = timedelta(minutes=30)
HOURLY = timedelta(hours=1)


class NoticeKind(StrEnum):
    """What a Notice is about; the database checks the same words."""

    ALERT = "alert"
    CORRECTION = "correction"
    """A moderator's verdict on what went out unreviewed is another."""


_DSL = frozenset({Role.DSL})
_SCHOOL = frozenset({Role.DSL, Role.DEPUTY_DSL})
EVERYBODY = frozenset({Role.DSL, Role.DEPUTY_DSL, Role.TRUST_OFFICER})


class AlreadyAcknowledgedError(ConflictError):
    """A colleague was first."""

    code = "already_acknowledged"

    def __init__(self) -> None:
        super().__init__("A colleague has this alert already; the page shows who.")


class LinkError(KnownError):
    """Not a link of ours, damaged, or too old. The page still works."""

    code = "bad_link"
    status = 422

    def __init__(self) -> None:
        super().__init__("This link does not work any more. Open the alert from your list instead.")


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: from ``at`` on, these roles are to be told. ``step`` counts from 1."""

    step: int
    at: datetime
    roles: frozenset[Role]


def ladder(severity: Severity, *, raised_at: datetime, due_at: datetime | None) -> Iterator[Rung]:
    """Every step for an alert nobody answers, without end where the chase has none.

    Level 5: DSL, deputy and trust officer at once; school every two minutes; from the third step the
    trust officer every time. Level 4: school at once and half an hour before it is due, then the trust
    officer too, hourly in school hours. Level 3: school at once, the trust officer too on the school
    morning after it was due, then each school morning. Levels 1 and 2: the DSL, once.
    """
    if severity is Severity.LEVEL_5:
        yield from _level_5(raised_at)
    elif severity is Severity.LEVEL_4 and due_at is not None:
        yield from _level_4(raised_at, due_at)
    elif severity is Severity.LEVEL_3 and due_at is not None:
        yield from _level_3(raised_at, due_at)
    else:
        yield Rung(1, raised_at, _DSL)


def rung_at(
    severity: Severity, now: datetime, *, raised_at: datetime, due_at: datetime | None
) -> tuple[Rung, datetime | None]:
    """The last step whose time has come, and when the next one's comes."""
    steps = ladder(severity, raised_at=raised_at, due_at=due_at)
    reached = next(steps)
    following: datetime | None = None
    for rung in steps:
        if rung.at > now:
            following = rung.at
            break
        reached = rung
    return reached, following


def steps_until(
    severity: Severity, until: datetime, *, raised_at: datetime, due_at: datetime | None
) -> list[Rung]:
    """Every step up to a moment."""
    return list(
        takewhile(lambda rung: rung.at <= until, ladder(severity, raised_at=raised_at, due_at=due_at))
    )


def back_off(attempts: int) -> timedelta:
    """How long a notice waits after its ``attempts``-th try (from 1)."""
    return BACK_OFF[min(attempts, len(BACK_OFF)) - 1]


def reference(alert_id: UUID) -> str:
    """Four characters by which a person finds the alert of a mail, without telling anything."""
    digits = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    number = int.from_bytes(hashlib.sha256(alert_id.bytes).digest()[:4], "big")
    return "".join(digits[number >> 5 * place & 31] for place in range(4))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an Alert has been judged by a person."""

    severity: Severity
    is_unreviewed: bool
    unreviewed_severity: Severity | None
    """The predicted level it went out under, if it went out unreviewed."""
    dismissal_reason: DismissalReason | None


def review_note(standing: Standing) -> str:
    """What a reader must know about who has judged this, in words; empty for an ordinary Alert."""
    if standing.unreviewed_severity is None:
        return ""
    sent = standing.unreviewed_severity.label
    if standing.is_unreviewed:
        return (
            f"No person has reviewed this yet. Software expects {sent}; it can be wrong. It was sent because the"
            " time in which a moderator should have looked at it ran out. A moderator still will, and you will"
            " be told if they see it differently. Please judge for yourself."
        )
    if standing.dismissal_reason is not None:
        return (
            f"This went out as {sent} before any person had reviewed it. A moderator has looked at it since and"
            f" saw no risk ({standing.dismissal_reason.label.lower()}). If you know more, trust what you know."
        )
    if standing.severity is standing.unreviewed_severity:
        return f"This went out before any person had reviewed it. A moderator has confirmed {sent} since."
    return (
        f"This went out as {sent} before any person had reviewed it. A moderator has graded it"
        f" {standing.severity.label} since."
    )


def _level_5(raised_at: datetime) -> Iterator[Rung]:
    yield Rung(1, raised_at, EVERYBODY)
    step, at = 1, raised_at
    for every, times in LEVEL_5_EVERY:
        for _ in range(times):
            step, at = step + 1, at + every
            yield Rung(step, at, _SCHOOL if step == 2 else EVERYBODY)
    while True:
        step, at = step + 1, at + HOURLY
        yield Rung(step, at, EVERYBODY)


def _level_4(raised_at: datetime, due_at: datetime) -> Iterator[Rung]:
    yield Rung(1, raised_at, _SCHOOL)
    yield Rung(2, max(raised_at, due_at - LEVEL_4_WARNING), _SCHOOL)
    step, at = 3, due_at
    while True:
        yield Rung(step, at, EVERYBODY)
        step, at = step + 1, at + HOURLY
        if not in_school_hours(at):
            at = next_school_morning(at)


def _level_3(raised_at: datetime, due_at: datetime) -> Iterator[Rung]:
    yield Rung(1, raised_at, _SCHOOL)
    step, at = 2, next_school_morning(due_at)
    while True:
        yield Rung(step, at, EVERYBODY)
        step, at = step + 1, next_school_morning(at)
