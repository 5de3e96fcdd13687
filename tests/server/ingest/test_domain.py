"""The queue's lanes, what of a header is believed, and what a table can hold."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from server.ingest.domain import (
    PLAUSIBLE_AHEAD,
    PLAUSIBLE_FROM,
    REVIEW_WITHIN,
    band,
    believed_time,
    is_sha256,
    sort_at,
    storable,
    unreviewed_at,
)
from shared.taxonomy import Severity
from tests.kit.clock import MONDAY


def test_every_level_has_a_time_and_the_graver_is_never_later() -> None:
    assert set(REVIEW_WITHIN) == set(Severity)
    times = [sort_at(severity, MONDAY) for severity in Severity]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) == 5


def test_only_the_gravest_have_lanes_of_their_own() -> None:
    assert [band(severity) for severity in Severity] == [2, 2, 2, 1, 0]


@pytest.mark.parametrize(
    ("at", "is_believed"),
    [
        (PLAUSIBLE_FROM, True),
        (PLAUSIBLE_FROM - timedelta(seconds=1), False),
        (MONDAY + PLAUSIBLE_AHEAD, True),
        (MONDAY + PLAUSIBLE_AHEAD + timedelta(seconds=1), False),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), False),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))), False),
    ],
)
def test_impossible_clocks_are_replaced_by_ours(at: datetime, is_believed: bool) -> None:
    assert believed_time(at, MONDAY) == (at if is_believed else MONDAY, is_believed)


def test_times_are_kept_in_utc() -> None:
    at = MONDAY.astimezone(timezone(timedelta(hours=1)))
    assert believed_time(at, MONDAY)[0].tzinfo is UTC


def test_storable_text_keeps_words_and_drops_what_no_table_takes() -> None:
    assert storable("a\x00b\x1fc\ud800d\x7fé – 你", 100) == "abcdé – 你"
    assert storable("abcdef", 3) == "abc"


@pytest.mark.parametrize("value", [None, 7, "", "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n"])
def test_what_is_no_hash(value: object) -> None:
    assert not is_sha256(value)


def test_what_is_a_hash() -> None:
    assert is_sha256("0123456789abcdef" * 4)


@pytest.mark.parametrize(("level", "minutes"), [(5, 10), (4, 30), (3, 120), (2, None), (1, None)])
def test_how_long_the_school_waits_for_a_moderator(level: int, minutes: int | None) -> None:
    expected = None if minutes is None else MONDAY + timedelta(minutes=minutes)
    assert unreviewed_at(Severity(level), MONDAY) == expected
