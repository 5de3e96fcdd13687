"""The status table of the device protocol, every row of it."""

import pytest

from agent.uplink.outcome import Outcome, classify

TABLE = [
    (200, Outcome.DONE),
    (201, Outcome.DONE),
    (204, Outcome.DONE),
    (301, Outcome.RETRY),
    (400, Outcome.REFUSED),
    (401, Outcome.REFRESH_TOKEN),
    (403, Outcome.INTERMEDIARY),
    (404, Outcome.RETRY),
    (407, Outcome.INTERMEDIARY),
    (408, Outcome.RETRY),
    (409, Outcome.OTHER_VERSION),
    (413, Outcome.HALVE),
    (415, Outcome.UNSUPPORTED_ENCODING),
    (418, Outcome.RETRY),
    (422, Outcome.REFUSED),
    (425, Outcome.RETRY),
    (426, Outcome.INTERMEDIARY),
    (429, Outcome.RETRY),
    (451, Outcome.INTERMEDIARY),
    (500, Outcome.RETRY),
    (502, Outcome.RETRY),
    (503, Outcome.RETRY),
    (504, Outcome.RETRY),
    (599, Outcome.RETRY),
    (None, Outcome.RETRY),
]


@pytest.mark.parametrize(("status", "outcome"), TABLE)
def test_every_status(status: int | None, outcome: Outcome) -> None:
    assert classify(status, "application/json") is outcome


@pytest.mark.parametrize("status", [status for status, _ in TABLE if status is not None])
def test_html_is_always_somebody_else(status: int) -> None:
    assert classify(status, "text/html; charset=utf-8") is Outcome.INTERMEDIARY


def test_only_two_outcomes_can_ever_lose_an_item() -> None:
    losing = {status for status, outcome in TABLE if outcome in {Outcome.REFUSED, Outcome.HALVE}}
    assert losing == {400, 413, 422}
