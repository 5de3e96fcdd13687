"""Account names, age bands and pseudonyms."""

import itertools
from datetime import date

import pytest

from server.mis.domain import ImportRefusedError, Mistake, account_candidates, age_band, new_pseudonym
from shared.taxonomy import AgeBand


@pytest.mark.parametrize(
    ("account", "candidates"),
    [
        ("JDoe", ("jdoe",)),
        ("SCHOOL\\JDoe", ("school\\jdoe", "jdoe")),
        ("JDoe@Academy.Example", ("jdoe@academy.example", "jdoe")),
        ("AzureAD\\JDoe@academy.example", ("azuread\\jdoe@academy.example", "jdoe@academy.example", "jdoe")),
        ("  ", ()),
        ("@", ("@",)),
    ],
)
def test_operating_systems_name_the_same_account_differently(
    account: str, candidates: tuple[str, ...]
) -> None:
    assert account_candidates(account) == candidates


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2016, 9, 2), AgeBand.AGE_4_10),
        (date(2015, 11, 17), AgeBand.AGE_4_10),
        (date(2015, 11, 16), AgeBand.AGE_11_16),
        (date(2009, 11, 17), AgeBand.AGE_11_16),
        (date(2009, 11, 16), AgeBand.AGE_17_18),
        (date(2007, 11, 17), AgeBand.AGE_17_18),
        (date(2007, 11, 16), AgeBand.ADULT),
    ],
)
def test_age_counts_from_the_birthday(born: date, band: AgeBand) -> None:
    assert age_band(born, None, date(2026, 11, 16)) is band


@pytest.mark.parametrize(
    ("year", "band"),
    [
        (0, AgeBand.AGE_4_10),
        (6, AgeBand.AGE_4_10),
        (7, AgeBand.AGE_11_16),
        (11, AgeBand.AGE_11_16),
        (12, AgeBand.AGE_17_18),
        (13, AgeBand.AGE_17_18),
        (14, AgeBand.ADULT),
        (None, AgeBand.UNKNOWN),
    ],
)
def test_without_a_birthday_the_year_group_counts(year: int | None, band: AgeBand) -> None:
    assert age_band(None, year, date(2026, 11, 16)) is band


def test_pseudonyms_never_repeat_and_grow_when_they_run_out() -> None:
    numbers = itertools.count()

    def one_digit_at_a_time(digits: int) -> str:
        # Only sixteen names of four digits exist here; they run out at once.
        return "0" * (digits - 1) + f"{next(numbers) % 16:x}"

    taken: set[str] = set()
    names = [new_pseudonym(taken, one_digit_at_a_time) for _ in range(32)]
    assert len(set(names)) == 32
    assert [len(name) for name in names] == [4] * 16 + [5] * 16
    assert all(name == name.upper() for name in names)


def test_mistakes_say_where_and_never_flood() -> None:
    error = ImportRefusedError(
        [Mistake("users.csv", line, "is wrong; put it right.") for line in range(1, 61)]
    )
    lines = error.detail.splitlines()
    assert lines[0] == "Nothing was imported."
    assert lines[1] == "users.csv line 1: is wrong; put it right."
    assert lines[-1] == "… and 10 more."
    assert str(Mistake("orgs.csv", 0, "is missing.")) == "orgs.csv: is missing."
