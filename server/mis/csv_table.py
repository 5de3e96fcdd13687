"""Reads a CSV file into rows that remember their line, and says what is wrong where."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from server.mis.domain import ImportRefusedError, Mistake

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MAX_ROWS = 500_000
MAX_CSV_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line it begins on (the header is line 1) and its cells by lower-case column name."""

    line: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """The cell without surrounding blanks; empty when the column is missing."""
        return self.cells.get(column.lower(), "")

    def get_list(self, column: str) -> list[str]:
        """A cell that holds several values parted by commas."""
        return [part.strip() for part in self.get(column).split(",") if part.strip()]


def read_file(path: Path, columns: Sequence[str], mistakes: list[Mistake]) -> list[Row]:
    """The rows of one CSV file on disk. Raises ImportRefusedError if it cannot be read at all."""
    try:
        if path.stat().st_size > MAX_CSV_BYTES:
            raise ImportRefusedError([Mistake(path.name, 0, f"is larger than {MAX_CSV_BYTES >> 20} MiB.")])
        raw = path.read_bytes()
    except OSError as error:
        raise ImportRefusedError(
            [Mistake(path.name, 0, "cannot be read; check the path and its permissions.")]
        ) from error
    return read_table(path.name, raw, columns, mistakes)


def read_table(file: str, raw: bytes, columns: Sequence[str], mistakes: list[Mistake]) -> list[Row]:
    """The rows of a CSV file that must have ``columns``. What is wrong is added to ``mistakes``."""
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        mistakes.append(Mistake(file, line, "is not UTF-8; save or export it again as CSV UTF-8."))
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = _header(file, next(reader, []), columns, mistakes)
        if not header:
            return []
        begins = reader.line_num + 1
        for cells in reader:
            row = _row(file, begins, header, cells, mistakes)
            begins = reader.line_num + 1
            if row is not None:
                rows.append(row)
            if len(rows) > MAX_ROWS:
                mistakes.append(Mistake(file, begins, f"has more than {MAX_ROWS} rows; split it by school."))
                return []
    except csv.Error:
        what = "cannot be read as CSV; look for a quotation mark that is not closed, or a field without end."
        mistakes.append(Mistake(file, reader.line_num, what))
    return rows


def _header(file: str, cells: list[str], columns: Sequence[str], mistakes: list[Mistake]) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    missing = [column for column in columns if column.lower() not in header]
    if missing:
        what = f"has no column {', '.join(missing)}; export it again with the standard header line."
        mistakes.append(Mistake(file, 1, what))
        return []
    if len(set(header)) != len(header):
        mistakes.append(Mistake(file, 1, "names a column twice; remove one of them."))
        return []
    return header


def _row(file: str, line: int, header: list[str], cells: list[str], mistakes: list[Mistake]) -> Row | None:
    if not any(cell.strip() for cell in cells):
        return None
    if len(cells) != len(header):
        what = f"has {len(cells)} fields where the header has {len(header)}; look for a stray comma or quote."
        mistakes.append(Mistake(file, line, what))
        return None
    if any(not _is_printable(cell) for cell in cells):
        mistakes.append(Mistake(file, line, "has a control character in a field; remove it."))
        return None
    return Row(line, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})


def _is_printable(cell: str) -> bool:
    # Line breaks and tabs occur in notes; anything else below a blank has no business in a name.
    return cell.isprintable() or not any(ch < " " and ch not in "\t\r\n" for ch in cell)


def whole_number(
    file: str, row: Row, column: str, mistakes: list[Mistake], *, least: int = 0, most: int = 100_000
) -> int:
    """The cell as a whole number within limits; a mistake and ``least`` otherwise."""
    cell = row.get(column)
    digits = cell.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) <= 9 and least <= int(cell) <= most:
        return int(cell)
    what = f"{column} must be a whole number from {least} to {most}; correct it."
    mistakes.append(Mistake(file, row.line, what))
    return least


def iso_date(file: str, row: Row, column: str, mistakes: list[Mistake]) -> date | None:
    """The cell as a date; None when it is empty, a mistake and None when it is not YYYY-MM-DD."""
    cell = row.get(column)
    if not cell:
        return None
    try:
        if _DAY.fullmatch(cell):  # not ISO's week dates
            return date.fromisoformat(cell)
    except ValueError:
        pass
    mistakes.append(Mistake(file, row.line, f"{column} must be a date like 2014-09-01; correct it."))
    return None
