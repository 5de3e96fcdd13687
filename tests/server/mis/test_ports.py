"""Any adapter that keeps the port can feed the import; OneRoster's is only the first."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from server.kit.db import Database
from server.mis.domain import ImportRefusedError, Mistake
from server.mis.import_roster import import_roster
from server.mis.one_roster import read_one_roster
from server.mis.ports import Roster, RosterAdapter, RosterOrg, RosterStudent
from tests.kit.clock import FakeClock
from tests.kit.organisation import Academy
from tests.kit.roster import bundle, user

NOWHERE = Path("nowhere")


def test_another_mis_feeds_the_same_import(
    system_database: Database, clock: FakeClock, academy: Academy
) -> None:
    school = RosterOrg("school-7", academy.name, "", 1)
    student = RosterStudent(
        mis_id="77",
        org_id="school-7",
        given_name="Maya",
        family_name="Okafor",
        username="mokafor",
        upn=None,
        date_of_birth=date(2012, 4, 30),
        year_group=9,
        registration_group="9B",
        line=5,
    )

    def read(path: Path) -> Roster:
        assert path == NOWHERE
        return Roster("students.xml", "schools.xml", (school,), (student,))

    with system_database.write() as session:
        report = import_roster(session, clock, trust_id=academy.trust_id, path=NOWHERE, read=read)
        assert report.added == 1
        row = session.execute(
            text("SELECT mis_id, registration_group FROM student WHERE academy_id = :id"), {"id": academy.id}
        ).one()
        assert tuple(row) == ("77", "9B")


def test_what_is_wrong_is_said_of_the_adapters_own_files(
    system_database: Database, clock: FakeClock, academy: Academy
) -> None:
    student = RosterStudent("77", "s", "Maya", "Okafor", "", None, None, None, None, 5)
    roster = Roster("students.xml", "schools.xml", (RosterOrg("s", "Elsewhere", "", 3),), (student,))
    with pytest.raises(ImportRefusedError) as refused, system_database.write() as session:
        import_roster(session, clock, trust_id=academy.trust_id, path=NOWHERE, read=lambda _: roster)
    assert [(one.file, one.line) for one in refused.value.mistakes] == [("schools.xml", 3)]
    assert isinstance(refused.value.mistakes[0], Mistake)


def test_one_roster_keeps_the_port(tmp_path: Path) -> None:
    adapter: RosterAdapter = read_one_roster
    roster = adapter(bundle(tmp_path / "r.zip", user("u1")))
    assert (roster.file, roster.org_file) == ("users.csv", "orgs.csv")
    assert {student.org_id for student in roster.students} <= {org.org_id for org in roster.orgs}
