"""The alert's transition table, whole, and due times through evenings, weekends and both clock changes."""

from datetime import UTC, datetime
from itertools import product

import pytest

from server.routing.domain import (
    LONDON,
    AlertState,
    AlertStep,
    ImpossibleAlertStepError,
    ReasonError,
    acknowledge_due_at,
    after,
    check_reason,
    in_school_hours,
    next_school_morning,
)
from shared.taxonomy import Severity

RAISED, TOLD, ACKNOWLEDGED, RECORDED, ENDED = AlertState
POSSIBLE = {
    (RAISED, AlertStep.TELL): TOLD,
    (RAISED, AlertStep.ACKNOWLEDGE): ACKNOWLEDGED,
    (TOLD, AlertStep.ACKNOWLEDGE): ACKNOWLEDGED,
    (ACKNOWLEDGED, AlertStep.RECORD): RECORDED,
    (ACKNOWLEDGED, AlertStep.END): ENDED,
    (RAISED, AlertStep.WITHDRAW): ENDED,
    (TOLD, AlertStep.WITHDRAW): ENDED,
}


@pytest.mark.parametrize(("state", "step"), list(product(AlertState, AlertStep)))
def test_every_pair_of_state_and_step(state: AlertState, step: AlertStep) -> None:
    expected = POSSIBLE.get((state, step))
    if expected is None:
        with pytest.raises(ImpossibleAlertStepError):
            after(state, step)
    else:
        assert after(state, step) is expected


def london(words: str) -> datetime:
    """A wall-clock time in London as UTC."""
    return datetime.fromisoformat(words).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("level", "raised", "due"),
    [
        # Level 5: a quarter of an hour, whenever.
        (5, "2026-11-16T10:00", "2026-11-16T10:15"),
        (5, "2026-11-22T03:00", "2026-11-22T03:15"),
        # Level 4: an hour in school hours.
        (4, "2026-11-16T08:00", "2026-11-16T09:00"),
        (4, "2026-11-16T16:59", "2026-11-16T17:59"),
        # Out of hours: the next 09:00, weekends included, but never in less than an hour.
        (4, "2026-11-16T17:00", "2026-11-17T09:00"),
        (4, "2026-11-17T03:00", "2026-11-17T09:00"),
        (4, "2026-11-17T07:59", "2026-11-17T09:00"),
        (4, "2026-11-20T18:00", "2026-11-21T09:00"),
        (4, "2026-11-21T08:00", "2026-11-21T09:00"),
        (4, "2026-11-21T08:30", "2026-11-22T09:00"),
        # The clocks go back on 25 October 2026 and forward on 28 March 2027: 09:00 stays 09:00.
        (4, "2026-10-24T20:00", "2026-10-25T09:00"),
        (4, "2027-03-27T20:00", "2027-03-28T09:00"),
        # Level 3: the end of the next school day.
        (3, "2026-11-16T10:00", "2026-11-17T17:00"),
        (3, "2026-11-20T10:00", "2026-11-23T17:00"),
        (3, "2026-11-21T10:00", "2026-11-23T17:00"),
        (3, "2026-10-23T10:00", "2026-10-26T17:00"),
        (3, "2027-03-26T10:00", "2027-03-29T17:00"),
        # Level 2: the end of the tenth.
        (2, "2026-11-16T10:00", "2026-11-30T17:00"),
        (2, "2026-11-21T10:00", "2026-12-04T17:00"),
    ],
)
def test_when_an_answer_is_due(level: int, raised: str, due: str) -> None:
    assert acknowledge_due_at(Severity(level), london(raised)) == london(due)


def test_level_1_needs_no_answer() -> None:
    assert acknowledge_due_at(Severity.LEVEL_1, london("2026-11-16T10:00")) is None


def test_summer_time_is_londons() -> None:
    """08:30 in London in June is 07:30 UTC: school is open."""
    assert in_school_hours(datetime(2026, 6, 15, 7, 30, tzinfo=UTC))
    assert not in_school_hours(datetime(2026, 6, 15, 16, 30, tzinfo=UTC))
    assert not in_school_hours(datetime(2026, 11, 16, 7, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        ("2026-11-16T08:59", "2026-11-16T09:00"),
        ("2026-11-16T09:00", "2026-11-17T09:00"),
        ("2026-11-20T17:00", "2026-11-23T09:00"),
        ("2026-11-21T08:00", "2026-11-23T09:00"),
    ],
)
def test_the_next_school_morning(moment: str, morning: str) -> None:
    assert next_school_morning(london(moment)) == london(morning)


@pytest.mark.parametrize("reason", ["", "    ", "none", "x" * 1_001])
def test_an_alert_is_not_ended_without_a_reason(reason: str) -> None:
    with pytest.raises(ReasonError):
        check_reason(reason)


def test_a_reason_is_kept_without_its_margins() -> None:
    assert check_reason("  known to us already ") == "known to us already"
