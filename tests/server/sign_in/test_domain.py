"""When a session lives and when it is worth a write."""

from datetime import timedelta

import pytest

from server.sign_in.domain import ABSOLUTE, IDLE, is_live, needs_touch
from tests.kit.clock import MONDAY

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("seen_ago", "age", "lives"),
    [
        (timedelta(0), timedelta(0), True),
        (IDLE - SECOND, IDLE, True),
        (IDLE, IDLE, False),
        (SECOND, ABSOLUTE - SECOND, True),
        (SECOND, ABSOLUTE, False),
    ],
)
def test_is_live(seen_ago: timedelta, age: timedelta, lives: bool) -> None:
    assert is_live(MONDAY, MONDAY - seen_ago, MONDAY - age + ABSOLUTE) is lives


def test_needs_touch() -> None:
    assert not needs_touch(MONDAY, MONDAY - timedelta(seconds=29))
    assert needs_touch(MONDAY, MONDAY - timedelta(seconds=30))
