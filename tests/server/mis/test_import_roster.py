"""A roster becomes true as a whole, again the same when repeated, and nobody is ever deleted or merged by name."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from server.kit.db import Database
from server.mis.domain import ImportRefusedError
from server.mis.import_roster import ImportReport, import_roster
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.organisation import Academy, make_academy
from tests.kit.roster import bundle, manifest, orgs, user, users, write_bundle

UPN = "A123456789012"
OTHER_UPN = "B123456789012"


class Imports:
    """Imports bundles of one academy and looks at what they left."""

    def __init__(self, database: Database, clock: FakeClock, academy: Academy, folder: Path) -> None:
        self.database, self.clock, self.academy, self.folder = database, clock, academy, folder

    def run(self, *rows: list[str], path: Path | None = None, **options: Any) -> ImportReport:
        path = path or bundle(self.folder / "roster.zip", *rows, school=self.academy.name)
        with self.database.write() as session:
            return import_roster(session, self.clock, trust_id=self.academy.trust_id, path=path, **options)

    def refused(self, *rows: list[str], **options: Any) -> str:
        with pytest.raises(ImportRefusedError) as error:
            self.run(*rows, **options)
        return error.value.detail

    def students(self) -> dict[str, dict[str, Any]]:
        with self.database.read() as session:
            found = session.execute(
                text("SELECT * FROM student WHERE academy_id = :id"), {"id": self.academy.id}
            ).mappings()
            return {row["mis_id"]: dict(row) for row in found}

    def accounts(self) -> dict[str, str]:
        with self.database.read() as session:
            found = session.execute(
                text(
                    "SELECT a.account, s.mis_id FROM student_account a JOIN student s ON s.id = a.student_id"
                    " WHERE a.academy_id = :id"
                ),
                {"id": self.academy.id},
            )
            return {row.account: row.mis_id for row in found}


@pytest.fixture
def imports(system_database: Database, clock: FakeClock, academy: Academy, tmp_path: Path) -> Imports:
    return Imports(system_database, clock, academy, tmp_path)


def test_students_and_accounts_appear(imports: Imports) -> None:
    report = imports.run(user("u1", username="Maya.O", upn=UPN), user("u2", username=""))
    assert (report.academies, report.added, report.without_account) == (1, 2, 1)
    students = imports.students()
    assert students["u1"]["upn"] == UPN
    assert students["u1"]["trust_id"] == imports.academy.trust_id
    assert students["u1"]["synced_at"] == MONDAY
    pseudonyms = {row["pseudonym"] for row in students.values()}
    assert len(pseudonyms) == 2
    assert all(len(name) >= 4 and set(name) <= set("0123456789ABCDEF") for name in pseudonyms)
    assert imports.accounts() == {"maya.o": "u1"}
    assert "2 students added" in str(report)


def test_again_changes_nothing_but_the_time(imports: Imports) -> None:
    rows = [user("u1"), user("u2")]
    imports.run(*rows)
    before, accounts = imports.students(), imports.accounts()
    later = imports.clock.advance(hours=6)
    report = imports.run(*rows)
    assert (report.added, report.changed, report.unchanged, report.left) == (0, 0, 2, 0)
    after = imports.students()
    assert {key: row | {"synced_at": later} for key, row in before.items()} == after
    assert imports.accounts() == accounts


def test_changes_are_taken_and_the_pseudonym_stays(imports: Imports) -> None:
    imports.run(user("u1", username="old"))
    before = imports.students()["u1"]
    report = imports.run(user("u1", username="new", family="Mensah", grades="10"))
    after = imports.students()["u1"]
    assert report.changed == 1
    assert (after["id"], after["pseudonym"]) == (before["id"], before["pseudonym"])
    assert (after["family_name"], after["year_group"]) == ("Mensah", 10)
    assert imports.accounts() == {"new": "u1"}


def test_leavers_are_marked_and_may_return(imports: Imports) -> None:
    imports.run(user("u1"), user("u2"))
    pseudonym = imports.students()["u2"]["pseudonym"]
    assert imports.run(user("u1")).left == 1
    assert imports.students()["u2"]["left_on"] == MONDAY.date()
    assert imports.accounts()["u2.user"] == "u2", "a leaver's device may still send"
    imports.clock.advance(days=3)
    assert imports.run(user("u1")).left == 0
    assert imports.students()["u2"]["left_on"] == MONDAY.date(), "the day stays the first one"
    assert imports.run(user("u1"), user("u2")).returned == 1
    assert imports.students()["u2"]["left_on"] is None
    assert imports.students()["u2"]["pseudonym"] == pseudonym


def test_a_leavers_username_goes_to_whoever_is_given_it(imports: Imports) -> None:
    imports.run(user("u1"), user("u2", username="maya"))
    imports.run(user("u1"), user("u3", username="maya"))
    assert imports.accounts()["maya"] == "u3"


def test_a_upn_survives_a_change_of_mis(imports: Imports) -> None:
    imports.run(user("old-1", upn=UPN), user("old-2"))
    before = imports.students()["old-1"]
    report = imports.run(user("new-1", upn=UPN), user("old-2"))
    assert (report.added, report.changed, report.left) == (0, 1, 0)
    assert imports.students()["new-1"]["id"] == before["id"]


def test_twins_and_namesakes_are_never_merged(imports: Imports) -> None:
    imports.run(user("u1"), user("u2"))
    assert len(imports.students()) == 2
    imports.run(user("u3"), user("u4"))
    assert len(imports.students()) == 4


def test_contradicting_identities_need_a_person(imports: Imports) -> None:
    imports.run(user("u1", upn=UPN), user("u2", upn=OTHER_UPN))
    said = imports.refused(user("u1", upn=OTHER_UPN), user("u2", upn=UPN))
    assert "users.csv line 2: is one known student by UPN and another by sourcedId" in said
    assert "line 3: has the UPN of line 2" in imports.refused(user("u1", upn=UPN), user("u2", upn=UPN))
    assert "line 3: has the username of line 2" in imports.refused(
        user("u1", username="a"), user("u2", username="A")
    )


def test_nothing_at_all_is_imported_when_one_line_is_wrong(imports: Imports) -> None:
    imports.run(user("u1"))
    before = imports.students()
    imports.refused(user("u1", family="Changed"), user("u2"), user("u3", role="wizard"))
    imports.refused(user("u1", family="Changed"), user("u2", username="same"), user("u3", username="same"))
    assert imports.students() == before


def test_half_a_school_does_not_leave_by_accident(imports: Imports) -> None:
    everybody = [user(f"u{number}") for number in range(20)]
    imports.run(*everybody)
    said = imports.refused(*everybody[:9])
    assert "orgs.csv line 3: 11 of 20 students of this school are not in the file" in said
    assert imports.run(*everybody[:10]).left == 10
    assert imports.run(*everybody[:1], allow_mass_leaving=True).left == 9


def test_a_school_is_its_urn_before_its_name(
    system_database: Database, imports: Imports, tmp_path: Path
) -> None:
    with system_database.write() as session:
        session.execute(
            text("UPDATE academy SET urn = '100001', name = 'Renamed' WHERE id = :id"),
            {"id": imports.academy.id},
        )
    assert imports.run(user("u1"), path=bundle(tmp_path / "r.zip", user("u1"), school="Old name")).added == 1


def test_schools_of_nobody_are_skipped_and_unknown_ones_refused(imports: Imports, tmp_path: Path) -> None:
    name = imports.academy.name
    two = {"manifest.csv": manifest(), "orgs.csv": orgs(name, "Elsewhere")}
    empty = write_bundle(tmp_path / "e.zip", {**two, "users.csv": users(user("u1", org="s1"))})
    report = imports.run(path=empty)
    assert (report.added, report.skipped_schools) == (1, ["s2"])
    full = write_bundle(tmp_path / "f.zip", {**two, "users.csv": users(user("u1", org="s2"))})
    assert "orgs.csv line 4: is no academy of this trust" in imports.refused(path=full)
    twice = write_bundle(
        tmp_path / "t.zip",
        {"manifest.csv": manifest(), "orgs.csv": orgs(name, name.upper()), "users.csv": users(user("u1"))},
    )
    assert "orgs.csv line 4: is the same academy as line 3" in imports.refused(path=twice)


def test_another_trusts_academy_of_the_same_name_is_not_touched(
    system_database: Database, imports: Imports, clock: FakeClock, tmp_path: Path
) -> None:
    namesake = make_academy(system_database, name=imports.academy.name)
    imports.run(user("u1"))
    assert Imports(system_database, clock, namesake, tmp_path).students() == {}


def test_somebody_at_two_academies_has_a_row_and_a_pseudonym_at_each(
    system_database: Database, imports: Imports, clock: FakeClock, tmp_path: Path
) -> None:
    with system_database.write() as session:
        session.execute(
            text(
                "INSERT INTO academy (id, trust_id, name, phase) VALUES (gen_random_uuid(), :t, 'Two', 'secondary')"
            ),
            {"t": imports.academy.trust_id},
        )
    both = write_bundle(
        tmp_path / "b.zip",
        {
            "manifest.csv": manifest(),
            "orgs.csv": orgs(imports.academy.name, "Two"),
            "users.csv": users(user("u1", org="s1,s2", upn=UPN)),
        },
    )
    report = imports.run(path=both)
    assert (report.academies, report.added) == (2, 2)
    assert imports.run(path=both).unchanged == 2


def test_the_import_is_audited_in_numbers(system_database: Database, imports: Imports) -> None:
    imports.run(user("u1"))
    with system_database.read() as session:
        row = session.execute(
            text("SELECT verb, actor_kind, details FROM audit_entry WHERE subject_id = :id"),
            {"id": imports.academy.trust_id},
        ).one()
    assert tuple(row) == ("imported_roster", "system", {"added": 1, "changed": 0, "left": 0})
