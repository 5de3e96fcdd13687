"""Weeks begin on Monday in England, whatever UTC says; every number on the board has its words."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.metrics.domain import (
    DEFINITIONS,
    LATEST_COUNTS,
    LONDON,
    TIMES_OF,
    Counts,
    Measure,
    Span,
    start_of,
    week_starts,
)
from server.metrics.tables import ResponseTimeRow


def test_the_last_weeks_end_with_this_one() -> None:
    thursday = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
    assert week_starts(thursday, 3) == (date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16))


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        # In summer Monday begins an hour before UTC's.
        ("2026-06-28T22:59:59+00:00", date(2026, 6, 22)),
        ("2026-06-28T23:00:00+00:00", date(2026, 6, 29)),
        ("2026-11-15T23:59:59+00:00", date(2026, 11, 9)),
        ("2026-11-16T00:00:00+00:00", date(2026, 11, 16)),
    ],
)
def test_a_week_begins_at_midnight_in_england(moment: str, monday: date) -> None:
    assert week_starts(datetime.fromisoformat(moment), 1) == (monday,)


moments = st.integers(min_value=0, max_value=15 * 365 * 24 * 60).map(
    lambda number: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
)


@given(moments, st.integers(min_value=1, max_value=52))
def test_weeks_are_mondays_in_a_row_and_the_moment_lies_in_the_last(now: datetime, weeks: int) -> None:
    found = week_starts(now, weeks)
    assert len(found) == weeks
    assert all(day.weekday() == 0 for day in found)
    assert all(later - earlier == timedelta(weeks=1) for earlier, later in pairwise(found))
    assert start_of(found[-1]) <= now < start_of(found[-1] + timedelta(weeks=1))
    assert start_of(found[0]).astimezone(LONDON).hour == 0


def test_every_number_has_its_definition() -> None:
    shown = {field.name for field in fields(Counts)} | {measure.value for measure in Measure}
    shown |= {field.name.removesuffix("_s") for field in fields(Span)} - {"open", "oldest_open"}
    assert shown <= set(DEFINITIONS)
    assert all(text.endswith(".") for text in DEFINITIONS.values())


def test_every_time_is_a_column_and_every_column_a_time_of_some_message() -> None:
    columns = {column.name for column in ResponseTimeRow.__table__.c if column.name.endswith("_at")}
    assert {column for times in TIMES_OF.values() for column in times.values()} == columns - {"latest_at"}
    assert columns > LATEST_COUNTS
