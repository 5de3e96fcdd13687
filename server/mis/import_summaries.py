"""Imports what a DSL reads beside a record: attendance so far, and the behaviour log, as plain CSV.

Both files name students by the MIS's id. All or nothing; running it again changes nothing.
"""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from server.audit.domain import SYSTEM
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import NotFoundError
from server.mis.csv_table import Row, iso_date, read_file, whole_number
from server.mis.domain import ImportRefusedError, Mistake
from server.mis.repository import save_attendance, save_behaviour, student_ids_by_mis_id
from server.organisation.repository import find_academy

ATTENDANCE_COLUMNS = ("mis_id", "possible", "present", "authorised", "unauthorised", "late")
BEHAVIOUR_COLUMNS = ("entry_id", "mis_id", "occurred_on", "kind", "points", "note")
MAX_KIND_CHARS = 80
MAX_NOTE_CHARS = 2_000
MAX_POINTS = 1_000


def import_attendance(session: WriteSession, clock: Clock, *, academy_id: UUID, path: Path) -> int:
    """Renew the attendance of an academy's students from ``path``; returns how many. Raises ImportRefusedError."""
    mistakes: list[Mistake] = []
    rows = read_file(path, ATTENDANCE_COLUMNS, mistakes)
    students = _students(session, academy_id)
    saved: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for row in rows:
        _note_repeat(path.name, row, "mis_id", seen, mistakes)
        values = {name: whole_number(path.name, row, name, mistakes) for name in ATTENDANCE_COLUMNS[1:]}
        if values["present"] + values["authorised"] + values["unauthorised"] > values["possible"]:
            mistakes.append(
                Mistake(path.name, row.line, "counts more sessions than were possible; correct it.")
            )
        saved.append(
            {
                "student_id": _student_of(path.name, row, students, mistakes),
                "academy_id": academy_id,
                "sessions_possible": values["possible"],
                "sessions_present": values["present"],
                "sessions_authorised_absence": values["authorised"],
                "sessions_unauthorised_absence": values["unauthorised"],
                "late": values["late"],
                "as_at": clock.now(),
            }
        )
    _refuse(mistakes)
    save_attendance(session, saved)
    _audit(session, "imported_attendance", academy_id, len(saved))
    return len(saved)


def import_behaviour(session: WriteSession, clock: Clock, *, academy_id: UUID, path: Path) -> int:
    """Add or renew an academy's behaviour entries from ``path``; returns how many. Raises ImportRefusedError."""
    mistakes: list[Mistake] = []
    rows = read_file(path, BEHAVIOUR_COLUMNS, mistakes)
    students = _students(session, academy_id)
    saved: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    today = clock.now().date()
    for row in rows:
        _note_repeat(path.name, row, "entry_id", seen, mistakes)
        occurred_on = iso_date(path.name, row, "occurred_on", mistakes)
        if occurred_on is None and not row.get("occurred_on"):
            mistakes.append(Mistake(path.name, row.line, "has no occurred_on; give the day."))
        if occurred_on is not None and occurred_on > today:
            mistakes.append(Mistake(path.name, row.line, "occurred_on lies in the future; correct it."))
        if not 1 <= len(row.get("kind")) <= MAX_KIND_CHARS or len(row.get("note")) > MAX_NOTE_CHARS:
            what = f"kind needs 1 to {MAX_KIND_CHARS} characters, note at most {MAX_NOTE_CHARS}; shorten or fill in."
            mistakes.append(Mistake(path.name, row.line, what))
        saved.append(
            {
                "id": uuid4(),
                "student_id": _student_of(path.name, row, students, mistakes),
                "academy_id": academy_id,
                "mis_id": row.get("entry_id"),
                "occurred_on": occurred_on,
                "kind": row.get("kind"),
                "points": whole_number(
                    path.name, row, "points", mistakes, least=-MAX_POINTS, most=MAX_POINTS
                ),
                "note": row.get("note"),
            }
        )
    _refuse(mistakes)
    save_behaviour(session, saved)
    _audit(session, "imported_behaviour", academy_id, len(saved))
    return len(saved)


def _students(session: WriteSession, academy_id: UUID) -> dict[str, UUID]:
    if find_academy(session, academy_id) is None:
        raise NotFoundError("There is no such academy; see `python -m server list`.")
    return student_ids_by_mis_id(session, academy_id)


def _student_of(file: str, row: Row, students: dict[str, UUID], mistakes: list[Mistake]) -> UUID | None:
    student_id = students.get(row.get("mis_id"))
    if student_id is None:
        what = "mis_id is no student of this academy; import the roster first, or remove this row."
        mistakes.append(Mistake(file, row.line, what))
    return student_id


def _note_repeat(file: str, row: Row, column: str, seen: dict[str, int], mistakes: list[Mistake]) -> None:
    key = row.get(column)
    if not key:
        mistakes.append(Mistake(file, row.line, f"has no {column}; give it one."))
    elif key in seen:
        mistakes.append(Mistake(file, row.line, f"repeats the {column} of line {seen[key]}; remove one."))
    seen.setdefault(key, row.line)


def _refuse(mistakes: list[Mistake]) -> None:
    if mistakes:
        raise ImportRefusedError(mistakes)


def _audit(session: WriteSession, verb: str, academy_id: UUID, rows: int) -> None:
    write_audit(
        session,
        SYSTEM,
        verb=verb,
        subject_kind="academy",
        subject_id=academy_id,
        academy_id=academy_id,
        details={"rows": rows},
    )
