"""The chase ladder, enumerated by level, and the small pure rules beside it."""

from datetime import datetime, timedelta
from itertools import islice, pairwise
from uuid import UUID

import pytest

from server.notification.domain import (
    ATTEMPTS,
    BACK_OFF,
    Standing,
    back_off,
    ladder,
    reference,
    review_note,
    rung_at,
    steps_until,
)
from server.routing.domain import acknowledge_due_at
from shared.taxonomy import DismissalReason, Severity
from tests.server.routing.test_domain import london

WHO = {"D": "dsl", "d": "deputy_dsl", "T": "trust_officer"}

LADDERS = [
    # Level, raised, the first steps: when, who (D: DSL, d: deputy, T: trust officer).
    (
        5,
        "2026-11-16T10:00",
        [
            ("2026-11-16T10:00", "DdT"),
            ("2026-11-16T10:02", "Dd"),
            ("2026-11-16T10:04", "DdT"),
            ("2026-11-16T10:06", "DdT"),
        ],
    ),
    # Level 5 does not know nights.
    (5, "2026-11-22T03:00", [("2026-11-22T03:00", "DdT"), ("2026-11-22T03:02", "Dd")]),
    (
        4,
        "2026-11-16T10:00",
        [
            ("2026-11-16T10:00", "Dd"),
            ("2026-11-16T10:30", "Dd"),
            ("2026-11-16T11:00", "DdT"),
            ("2026-11-16T12:00", "DdT"),
            ("2026-11-16T13:00", "DdT"),
            ("2026-11-16T14:00", "DdT"),
            ("2026-11-16T15:00", "DdT"),
            ("2026-11-16T16:00", "DdT"),
            ("2026-11-17T09:00", "DdT"),
        ],
    ),
    # Friday evening: due Saturday 09:00, the trust officer then, school hours again on Monday.
    (
        4,
        "2026-11-20T19:00",
        [
            ("2026-11-20T19:00", "Dd"),
            ("2026-11-21T08:30", "Dd"),
            ("2026-11-21T09:00", "DdT"),
            ("2026-11-23T09:00", "DdT"),
            ("2026-11-23T10:00", "DdT"),
        ],
    ),
    (
        3,
        "2026-11-19T10:00",
        [
            ("2026-11-19T10:00", "Dd"),
            ("2026-11-23T09:00", "DdT"),
            ("2026-11-24T09:00", "DdT"),
        ],
    ),
    (2, "2026-11-16T10:00", [("2026-11-16T10:00", "D")]),
    (1, "2026-11-16T10:00", [("2026-11-16T10:00", "D")]),
]


@pytest.mark.parametrize(("level", "raised", "steps"), LADDERS)
def test_the_ladder(level: int, raised: str, steps: list[tuple[str, str]]) -> None:
    severity, raised_at = Severity(level), london(raised)
    due_at = acknowledge_due_at(severity, raised_at)
    found = list(islice(ladder(severity, raised_at=raised_at, due_at=due_at), len(steps)))
    assert [(rung.at, {role.value for role in rung.roles}) for rung in found] == [
        (london(at), {WHO[letter] for letter in who}) for at, who in steps
    ]
    assert [rung.step for rung in found] == list(range(1, len(steps) + 1))


def test_levels_1_and_2_are_told_once() -> None:
    for severity in (Severity.LEVEL_1, Severity.LEVEL_2):
        raised_at = london("2026-11-16T10:00")
        due_at = acknowledge_due_at(severity, raised_at)
        assert len(list(ladder(severity, raised_at=raised_at, due_at=due_at))) == 1


def test_a_level_5_is_asked_every_two_minutes_then_more_slowly_and_never_not() -> None:
    raised_at = london("2026-11-16T10:00")
    rungs = steps_until(
        Severity.LEVEL_5, raised_at + timedelta(hours=5), raised_at=raised_at, due_at=raised_at
    )
    gaps = [(after.at - before.at).total_seconds() / 60 for before, after in pairwise(rungs)]
    assert gaps == [2] * 14 + [15] * 6 + [60] * 3


def test_a_scan_that_stood_still_takes_the_last_step_only() -> None:
    raised_at = london("2026-11-16T10:00")
    due_at = acknowledge_due_at(Severity.LEVEL_5, raised_at)

    def at(moment: datetime) -> tuple[int, datetime | None]:
        rung, following = rung_at(Severity.LEVEL_5, moment, raised_at=raised_at, due_at=due_at)
        return rung.step, following

    assert at(raised_at) == (1, raised_at + timedelta(minutes=2))
    assert at(raised_at + timedelta(seconds=119)) == (1, raised_at + timedelta(minutes=2))
    assert at(raised_at + timedelta(minutes=11)) == (6, raised_at + timedelta(minutes=12))
    # A clock that another machine set back must not lose the first step.
    assert at(raised_at - timedelta(seconds=5))[0] == 1


def test_tries_wait_longer_each_time_and_longer_than_any_sending() -> None:
    waits = [back_off(attempt) for attempt in range(1, ATTEMPTS + 1)]
    assert waits == [*BACK_OFF, BACK_OFF[-1]]
    assert waits == sorted(waits)
    assert min(waits) >= timedelta(seconds=30)


def test_a_reference_is_four_plain_characters_and_always_the_same() -> None:
    ids = [UUID(int=number) for number in range(200)]
    found = {reference(one) for one in ids}
    assert len(found) > 190
    assert all(len(one) == 4 and not set(one) & set("01IO") for one in found)
    assert reference(ids[7]) == reference(UUID(int=7))


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(Severity.LEVEL_4, False, None, None), ""),
        (Standing(Severity.LEVEL_5, True, Severity.LEVEL_5, None), "No person has reviewed this yet."),
        (Standing(Severity.LEVEL_5, False, Severity.LEVEL_5, None), "has confirmed Level 5 since."),
        (Standing(Severity.LEVEL_3, False, Severity.LEVEL_5, None), "went out as Level 5 before"),
        (Standing(Severity.LEVEL_3, False, Severity.LEVEL_5, None), "has graded it Level 3 since."),
        (
            Standing(Severity.LEVEL_5, False, Severity.LEVEL_5, DismissalReason.COURSEWORK),
            "no risk (coursework)",
        ),
    ],
)
def test_the_note_says_who_has_judged(standing: Standing, words: str) -> None:
    note = review_note(standing)
    assert words in note
    assert bool(note) is bool(words)
