"""Which lane an Event takes, and what may be dropped at all."""

import pytest

from agent.spool.limits import DROP_ORDER, Lane, Limits, lane_of
from shared.taxonomy import Severity


@pytest.mark.parametrize(
    ("severity", "lane"),
    [
        (Severity.LEVEL_1, Lane.ORDINARY),
        (Severity.LEVEL_2, Lane.ORDINARY),
        (Severity.LEVEL_3, Lane.ORDINARY),
        (Severity.LEVEL_4, Lane.URGENT),
        (Severity.LEVEL_5, Lane.URGENT),
    ],
)
def test_lane_of(severity: Severity, lane: Lane) -> None:
    assert lane_of(severity) is lane


def test_urgent_is_never_dropped_and_pictures_go_first() -> None:
    assert Lane.URGENT not in DROP_ORDER
    assert DROP_ORDER[0] is Lane.BLOB
    assert (Limits().max_bytes, Limits().max_age_s) == (200 * 1024 * 1024, 14 * 86_400)
