"""The MIS files are 300 invented students in three phases, the same bytes each time, and read by our importers."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from server.demonstration.roster import ACADEMIES, MACHINE_STUDENT, STUDENTS, RosterFiles, write_roster
from server.mis.one_roster import read_one_roster
from server.organisation.domain import Phase

TODAY = date(2026, 11, 16)
ACCOUNT = "a.visitor"


@pytest.fixture
def files(tmp_path: Path) -> RosterFiles:
    return write_roster(tmp_path / "mis", today=TODAY, machine_account=ACCOUNT)


def test_the_real_importer_reads_300_students_in_three_phases(files: RosterFiles) -> None:
    roster = read_one_roster(files.roster_zip)
    by_org = Counter(one.org_id for one in roster.students)
    assert by_org == {one.org_id: one.share for one in ACADEMIES}
    assert by_org.total() == STUDENTS == 300
    assert {Phase(one.phase) for one in ACADEMIES} == {Phase.PRIMARY, Phase.SECONDARY, Phase.SIXTEEN_PLUS}


def test_every_student_is_in_a_year_of_their_academy(files: RosterFiles) -> None:
    years = {one.org_id: set(one.years) for one in ACADEMIES}
    found: dict[str, set[int | None]] = {}
    for student in read_one_roster(files.roster_zip).students:
        found.setdefault(student.org_id, set()).add(student.year_group)
    assert found == years


def test_whoever_sits_here_is_one_student_of_the_secondary_academy(files: RosterFiles) -> None:
    here = [one for one in read_one_roster(files.roster_zip).students if one.username == ACCOUNT]
    assert [(one.mis_id, one.org_id, one.year_group) for one in here] == [
        (f"stu-{MACHINE_STUDENT:04d}", "org-secondary", 10)
    ]


def test_no_two_students_share_an_account_a_upn_or_a_name(files: RosterFiles) -> None:
    students = read_one_roster(files.roster_zip).students
    accounts = [one.username for one in students]
    assert len(set(accounts)) == len(accounts) == STUDENTS
    assert len({one.upn for one in students}) == STUDENTS
    assert len({(one.given_name, one.family_name) for one in students}) == STUDENTS


def test_the_same_arguments_give_the_same_bytes(
    files: RosterFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the hour: a zip likes to remember when it was written."""
    monkeypatch.setattr("time.time", lambda: 1_900_000_000.0)
    again = write_roster(tmp_path / "again", today=TODAY, machine_account=ACCOUNT)
    names = sorted(one.name for one in files.roster_zip.parent.iterdir())
    assert names == sorted(one.name for one in again.roster_zip.parent.iterdir())
    assert len(names) == 7
    for name in names:
        assert (files.roster_zip.parent / name).read_bytes() == (
            again.roster_zip.parent / name
        ).read_bytes(), name


def test_attendance_adds_up_for_every_student(files: RosterFiles) -> None:
    students = 0
    for path in files.attendance.values():
        with path.open(newline="", encoding="utf-8") as opened:
            for row in csv.DictReader(opened):
                absent = int(row["authorised"]) + int(row["unauthorised"])
                assert int(row["present"]) + absent == int(row["possible"])
                assert min(int(row["present"]), int(row["authorised"]), int(row["unauthorised"])) >= 0
                students += 1
    assert students == STUDENTS


def test_behaviour_is_past_and_said_to_be_invented(files: RosterFiles) -> None:
    rows = 0
    for path in files.behaviour.values():
        with path.open(newline="", encoding="utf-8") as opened:
            for row in csv.DictReader(opened):
                assert date.fromisoformat(row["occurred_on"]) < TODAY
                assert row["note"] == "Invented entry"
                rows += 1
    assert rows == STUDENTS // 3
