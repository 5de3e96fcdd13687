"""England's bank holidays as published, and working days across weekends, Christmas and clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.escalation.working_days import LONDON, add_working_days, bank_holidays, is_working_day

# As published on gov.uk/bank-holidays for England and Wales.
PUBLISHED = {
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_days_are_those_published(year: int) -> None:
    assert bank_holidays(year) == {date.fromisoformat(f"{year}-{day}") for day in PUBLISHED[year].split()}


@pytest.mark.parametrize(
    ("moment", "days", "due"),
    [
        ("2026-11-16T09:00", 1, "2026-11-17T09:00"),  # Monday to Tuesday
        ("2026-11-20T16:45", 1, "2026-11-23T16:45"),  # Friday to Monday
        ("2026-11-21T10:00", 1, "2026-11-24T00:00"),  # Saturday: all of Monday
        ("2026-11-22T23:59", 1, "2026-11-24T00:00"),  # Sunday: the same
        ("2026-12-24T15:00", 1, "2026-12-29T15:00"),  # over Christmas and the substitute day
        ("2026-12-25T12:00", 1, "2026-12-30T00:00"),  # on Christmas Day
        ("2026-04-02T12:00", 1, "2026-04-07T12:00"),  # over Easter
        ("2026-11-19T09:00", 3, "2026-11-24T09:00"),  # three days over a weekend
    ],
)
def test_working_days_later(moment: str, days: int, due: str) -> None:
    start = datetime.fromisoformat(moment).replace(tzinfo=LONDON)
    expected = datetime.fromisoformat(due).replace(tzinfo=LONDON)
    assert add_working_days(start.astimezone(UTC), days) == expected.astimezone(UTC)


def test_the_time_of_day_survives_the_change_of_clocks() -> None:
    friday_in_summer_time = datetime(2026, 10, 23, 9, 0, tzinfo=UTC)  # 10:00 in London
    assert add_working_days(friday_in_summer_time, 1) == datetime(2026, 10, 26, 10, 0, tzinfo=UTC)


moments = st.integers(min_value=0, max_value=20 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(moments, st.integers(min_value=1, max_value=10))
def test_what_is_due_is_later_and_falls_in_working_time(moment: datetime, days: int) -> None:
    due = add_working_days(moment, days)
    assert due > moment
    # The end of a working day is the first moment of the day after it.
    last_minute = due.astimezone(LONDON) - timedelta(microseconds=1)
    assert is_working_day(due.astimezone(LONDON).date()) or is_working_day(last_minute.date())


@given(moments, moments)
def test_who_asks_earlier_is_answered_no_later(one: datetime, other: datetime) -> None:
    first, second = sorted((one, other))
    # The repeated hour in October is one hour of the wall clock.
    assert add_working_days(first, 1) <= add_working_days(second, 1) + timedelta(hours=1)
