"""Attendance and behaviour: line-exact refusals, nothing by halves, the same again when repeated."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from server.kit.db import Database
from server.kit.errors import NotFoundError
from server.mis.domain import ImportRefusedError
from server.mis.import_summaries import import_attendance, import_behaviour
from server.mis.repository import find_attendance, list_behaviour
from tests.kit.clock import FakeClock
from tests.kit.devices import make_student
from tests.kit.organisation import Academy

ATTENDANCE = "mis_id,possible,present,authorised,unauthorised,late\n"
BEHAVIOUR = "entry_id,mis_id,occurred_on,kind,points,note\n"
Import = Callable[..., int]


@pytest.fixture
def student_id(system_database: Database, academy: Academy) -> UUID:
    return make_student(system_database, academy, mis_id="u1")


@pytest.fixture
def run(system_database: Database, clock: FakeClock, academy: Academy, tmp_path: Path) -> Import:
    def imported(verb: Import, content: str) -> int:
        path = tmp_path / "file.csv"
        path.write_text(content, encoding="utf-8-sig")
        with system_database.write() as session:
            return verb(session, clock, academy_id=academy.id, path=path)

    return imported


def test_attendance_is_kept_and_renewed(
    system_database: Database, clock: FakeClock, run: Import, student_id: UUID
) -> None:
    assert run(import_attendance, ATTENDANCE + "u1,100,90,6,4,2\n") == 1
    clock.advance(days=1)
    assert run(import_attendance, ATTENDANCE + "u1,102,92,6,4,3\n") == 1
    with system_database.read() as session:
        row = find_attendance(session, student_id)
        assert row is not None
        counted = (row.sessions_possible, row.sessions_present, row.sessions_authorised_absence)
        assert counted == (102, 92, 6)
        assert (row.sessions_unauthorised_absence, row.late, row.as_at) == (4, 3, clock.now())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("u9,1,1,0,0,0", "file.csv line 3: mis_id is no student of this academy"),
        ("u1,1,1,0,0,0", "file.csv line 3: repeats the mis_id of line 2"),
        (",1,1,0,0,0", "file.csv line 3: has no mis_id"),
        ("u2,10,9,1,1,0", "file.csv line 3: counts more sessions than were possible"),
        ("u2,ten,9,1,0,0", "file.csv line 3: possible must be a whole number"),
        ("u2,-1,0,0,0,0", "file.csv line 3: possible must be a whole number"),
        ("u2,10,9", "file.csv line 3: has 3 fields where the header has 6"),
    ],
)
def test_attendance_is_refused_whole(
    system_database: Database, run: Import, student_id: UUID, line: str, said: str
) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        run(import_attendance, ATTENDANCE + "u1,100,90,6,4,2\n" + line + "\n")
    assert said in refused.value.detail
    with system_database.read() as session:
        assert find_attendance(session, student_id) is None


def test_behaviour_is_kept_renewed_and_never_lost(
    system_database: Database, run: Import, student_id: UUID
) -> None:
    run(
        import_behaviour,
        BEHAVIOUR + 'b1,u1,2026-11-02,Kindness,2,"Helped, twice"\nb2,u1,2026-11-03,Late,-1,\n',
    )
    run(import_behaviour, BEHAVIOUR + "b1,u1,2026-11-02,Kindness,3,Corrected\n")
    with system_database.read() as session:
        entries = [(one.mis_id, one.points, one.note) for one in list_behaviour(session, student_id)]
    assert entries == [("b2", -1, ""), ("b1", 3, "Corrected")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("b1,u1,2026-11-02,Late,1,", "line 3: repeats the entry_id of line 2"),
        ("b2,u1,02/11/2026,Late,1,", "line 3: occurred_on must be a date"),
        ("b2,u1,,Late,1,", "line 3: has no occurred_on"),
        ("b2,u1,2026-11-17,Late,1,", "line 3: occurred_on lies in the future"),
        ("b2,u1,2026-11-02,,1,", "line 3: kind needs 1 to 80"),
        ("b2,u1,2026-11-02,Late,1.5,", "line 3: points must be a whole number"),
        ("b2,u9,2026-11-02,Late,1,", "line 3: mis_id is no student"),
    ],
)
def test_behaviour_is_refused_whole(
    system_database: Database, run: Import, student_id: UUID, line: str, said: str
) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        run(import_behaviour, BEHAVIOUR + "b1,u1,2026-11-02,Late,1,\n" + line + "\n")
    assert said in refused.value.detail
    with system_database.read() as session:
        assert list_behaviour(session, student_id) == []


def test_what_is_not_there_is_said_plainly(
    system_database: Database, clock: FakeClock, academy: Academy, tmp_path: Path
) -> None:
    with system_database.write() as session:
        with pytest.raises(ImportRefusedError, match="cannot be read"):
            import_attendance(session, clock, academy_id=academy.id, path=tmp_path / "none.csv")
        (tmp_path / "a.csv").write_text(ATTENDANCE)
        with pytest.raises(NotFoundError):
            import_attendance(session, clock, academy_id=uuid4(), path=tmp_path / "a.csv")
