"""England's working days: Monday to Friday without bank holidays. Pure; times go in and out as UTC.

Source: Banking and Financial Dealings Act 1971 and the proclamations for one-off days (gov.uk/bank-holidays).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_DAY = timedelta(days=1)
_MONDAY = 0
_SATURDAY = 5

# Days proclaimed for one year only, and the year they moved the early May day to VE Day.
_ONE_OFF = frozenset({date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)})
_SPRING_MOVED = {2022: date(2022, 6, 2)}
_EARLY_MAY_MOVED = {2020: date(2020, 5, 8)}


def is_working_day(day: date) -> bool:
    """Whether an office in England would be open."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year)


def add_working_days(moment: datetime, days: int) -> datetime:
    """``days`` working days after ``moment``, at the same time of day in London.

    A moment on a day off counts from the first minute of the next working day: time passes only on
    working days, so one working day from Saturday noon is the end of Monday.
    """
    local = moment.astimezone(LONDON)
    day, clock = local.date(), local.time()
    counts_today = is_working_day(day)
    for _ in range(days):
        day = _next_working_day(day)
    if not counts_today:
        day, clock = day + _DAY, time.min
    return datetime.combine(day, clock, LONDON).astimezone(UTC)


def _next_working_day(day: date) -> date:
    day += _DAY
    while not is_working_day(day):
        day += _DAY
    return day


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Every bank holiday of England and Wales in a year, with substitutes for those on a weekend."""
    easter = _easter(year)
    days = {
        _substitute(date(year, 1, 1)),
        easter - 2 * _DAY,
        easter + _DAY,
        _EARLY_MAY_MOVED.get(year, _first_monday(year, 5)),
        _SPRING_MOVED.get(year, _last_monday(year, 5)),
        _last_monday(year, 8),
    }
    christmas = _substitute(date(year, 12, 25))
    boxing = _substitute(date(year, 12, 26))
    if boxing == christmas:
        boxing += _DAY
    days |= {christmas, boxing}
    return frozenset(days | {day for day in _ONE_OFF if day.year == year})


def _substitute(day: date) -> date:
    while day.weekday() >= _SATURDAY:
        day += _DAY
    return day


def _first_monday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + (_MONDAY - first.weekday()) % 7 * _DAY


def _last_monday(year: int, month: int) -> date:
    last = date(year, month + 1, 1) - _DAY
    return last - last.weekday() * _DAY


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    left = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * left) // 451
    month, day = divmod(h + left - 7 * m + 114, 31)
    return date(year, month, day + 1)
