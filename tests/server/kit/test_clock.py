"""The clock says UTC, aware of its zone."""

from datetime import UTC, timedelta

from server.kit.clock import SystemClock


def test_now_is_utc_and_does_not_run_backwards() -> None:
    first, second = SystemClock().now(), SystemClock().now()
    assert first.tzinfo is UTC
    assert timedelta(0) <= second - first < timedelta(minutes=1)
