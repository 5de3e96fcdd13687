"""The bench reports what it measured, and what it did not measure never counts as kept."""

import json
import re
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.bar import NOT_MEASURED, Bar, Condition, Measurement
from bench.promised import PROMISED
from bench.runner import choose, find_bars, measure
from tests.house.sources import ROOT

UNWRITTEN = sorted(set(PROMISED) - set(find_bars()))


def bar(value: float, *, n: int = 10, at_most: bool = True, conditions: tuple[Condition, ...] = ()) -> Bar:
    """A bar of 1.0 whose measurement is given."""
    return Bar("B12", "t", "s", 1.0, lambda: Measurement(value, n, conditions=conditions), at_most=at_most)


@pytest.mark.parametrize(
    ("made", "ok"),
    [
        (bar(0.9), True),
        (bar(1.1), False),
        (bar(1.1, at_most=False), True),
        (bar(0.9, n=0), False),
        (bar(0.9, conditions=(Condition("nothing lost", 0, 0),)), True),
        (bar(0.9, conditions=(Condition("nothing lost", 1, 0),)), False),
    ],
)
def test_a_bar_is_kept_only_when_everything_holds(made: Bar, ok: bool) -> None:
    """The figure, the samples behind it and each condition."""
    entry = measure(["B12"], {"B12": made})["B12"]
    assert entry["ok"] is ok
    assert {"value", "bar", "ok", "unit", "n", "peer"} <= entry.keys()


def test_a_measurement_that_breaks_is_not_ok() -> None:
    """And the next bar is measured all the same."""

    def broken() -> Measurement:
        raise RuntimeError("no display")

    known = {"B11": Bar("B11", "t", "KiB", 40, broken), "B12": bar(0.5)}
    entries = measure(["B11", "B12"], known)
    assert entries["B11"]["ok"] is False
    assert "no display" in entries["B11"]["note"]
    assert entries["B12"]["ok"] is True


def test_what_is_not_measured_says_so() -> None:
    """An absent measurement is no pass, in the file and in the exit status."""
    entry = measure(["B1"], {})["B1"]
    assert entry["ok"] is False
    assert entry["value"] is None
    assert entry["note"] == NOT_MEASURED


@pytest.mark.parametrize("bar_id", UNWRITTEN)
def test_the_command_writes_the_file(bar_id: str, tmp_path: Path) -> None:
    """`--only` of a bar nobody has written: reported, not ok, status 1."""
    place = tmp_path / "bench.json"
    assert main(["--only", bar_id, "--json", str(place)]) == 1
    assert json.loads(place.read_text()) == {bar_id: json.loads(place.read_text())[bar_id]}
    assert json.loads(place.read_text())[bar_id]["note"] == NOT_MEASURED


def test_a_bar_nobody_promised_is_refused() -> None:
    """A slip of the finger is told at once."""
    with pytest.raises(ValueError, match="B99"):
        choose("B3,B99")
    assert choose("b3, B4") == ["B3", "B4"]
    assert choose("") == list(PROMISED)


def test_each_file_measures_the_bar_of_its_name() -> None:
    """bench/bars/b12_….py holds B12."""
    files = {path.name for path in (ROOT / "bench" / "bars").glob("b[0-9]*_*.py")}
    numbers = {"B" + str(int(found.group(1))) for name in files if (found := re.match(r"b(\d+)_", name))}
    assert numbers == set(find_bars())
