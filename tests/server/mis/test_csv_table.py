"""Lines are counted as people count them."""

from datetime import date
from pathlib import Path

import pytest

from server.mis.csv_table import Row, iso_date, read_table, whole_number
from server.mis.domain import Mistake
from tests.kit.roster import BOM, bundle, refusal, user


def test_lines_are_counted_through_fields_with_line_breaks(tmp_path: Path) -> None:
    rows = [user("u1", family="Two\nLines"), user("u2", role="wizard")]
    assert "users.csv line 4: role" in refusal(bundle(tmp_path / "r.zip", *rows))


def read(content: bytes, *columns: str) -> tuple[list[Row], list[str]]:
    mistakes: list[Mistake] = []
    found = read_table("f.csv", content, columns, mistakes)
    return found, [str(mistake) for mistake in mistakes]


def test_cells_are_found_by_column_whatever_its_case() -> None:
    [row], mistakes = read(BOM + b"SourcedId,Name\r\n\r\n x , y \r\n", "sourcedId")
    assert (row.line, row.get("SOURCEDID"), row.get("name"), row.get("none")) == (3, "x", "y", "")
    assert mistakes == []


def test_lists_in_a_cell() -> None:
    [row], _ = read(b'ids\n" a, b,,c "\n', "ids")
    assert row.get_list("ids") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "f.csv line 1: has no column a"),
        (b"b\n1\n", "f.csv line 1: has no column a"),
        (b"a,A\n1,2\n", "f.csv line 1: names a column twice"),
        (b"a\n1,2\n", "f.csv line 2: has 2 fields where the header has 1"),
        (b'a\n"1\n', "f.csv line 2: cannot be read as CSV"),
        (b"a\n" + b"x" * 200_000, "f.csv line 2: cannot be read as CSV"),
        (b"a\n1\n\xff\n", "f.csv line 3: is not UTF-8"),
        (b"a\nx\x07y\n", "f.csv line 2: has a control character"),
    ],
)
def test_mistakes_have_their_line(content: bytes, said: str) -> None:
    _, mistakes = read(content, "a")
    assert len(mistakes) == 1
    assert mistakes[0].startswith(said)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("0", 0),
        ("12", 12),
        ("-3", None),
        ("1.0", None),
        ("", None),
        ("٣", None),
        ("1e2", None),
        ("9" * 30, None),
    ],
)
def test_whole_numbers(cell: str, value: int | None) -> None:
    mistakes: list[Mistake] = []
    found = whole_number("f.csv", Row(4, {"n": cell}), "n", mistakes)
    assert (found, bool(mistakes)) == ((0, True) if value is None else (value, False))


@pytest.mark.parametrize(
    ("cell", "value", "is_wrong"),
    [
        ("2026-02-28", date(2026, 2, 28), False),
        ("", None, False),
        ("2026-02-30", None, True),
        ("20260228", None, True),
        ("2026-W01-1", None, True),
    ],
)
def test_dates(cell: str, value: date | None, is_wrong: bool) -> None:
    mistakes: list[Mistake] = []
    assert iso_date("f.csv", Row(4, {"d": cell}), "d", mistakes) == value
    assert bool(mistakes) is is_wrong
