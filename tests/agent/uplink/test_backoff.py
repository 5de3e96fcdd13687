"""Waiting after failures: grows, is jittered over the whole step, is capped, obeys the server."""

import pytest

from agent.spool.limits import Lane
from agent.uplink.backoff import CAP_S, Backoff


def ladder(share: float, cap_s: float = 60.0) -> Backoff:
    return Backoff(cap_s, lambda low, high: low + share * (high - low))


def test_grows_to_the_cap_and_starts_again() -> None:
    backoff = ladder(1.0)
    assert [backoff.failed() for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    backoff.succeeded()
    assert backoff.failed() == 1


def test_full_jitter_reaches_down_to_nothing() -> None:
    backoff = ladder(0.0)
    assert [backoff.failed() for _ in range(5)] == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(("asked", "least"), [(None, 0.0), (7.0, 7.0), (86_400.0, 60.0)])
def test_waits_at_least_as_long_as_the_server_asked_within_the_cap(asked: float | None, least: float) -> None:
    assert ladder(0.0).failed(asked) == least


def test_urgent_never_waits_longer_than_a_minute() -> None:
    assert CAP_S[Lane.URGENT] == 60.0
    assert CAP_S[Lane.ORDINARY] == CAP_S[Lane.BLOB] == 900.0
