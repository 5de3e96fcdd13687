"""The adapter reads what the standard allows and names every mistake by its line."""

from datetime import date
from pathlib import Path

import pytest

from server.mis.one_roster import read_one_roster
from tests.kit.roster import Rows, bundle, files, manifest, orgs, refusal, to_csv, user, users, write_bundle

UPN = "A123456789012"


def test_a_sound_bundle_is_read(tmp_path: Path) -> None:
    rows = [
        user("u1", upn=UPN, given="Zoë", family="O'Brien", username="ZOBrien", grades="7"),
        user("u2", role="teacher", given="A", family="Teacher"),
        user("u3", given="Ieuan", family="ap Rhys", grades="KG", username=""),
        user("u4", status="tobedeleted"),
    ]
    roster = read_one_roster(bundle(tmp_path / "r.zip", *rows))
    assert [(org.org_id, org.name, org.identifier) for org in roster.orgs] == [
        ("s1", "Marsh Lane Academy", "100001")
    ]
    zoe, ieuan = roster.students
    assert (zoe.mis_id, zoe.given_name, zoe.family_name, zoe.upn) == ("u1", "Zoë", "O'Brien", UPN)
    assert (zoe.username, zoe.year_group, zoe.line) == ("zobrien", 7, 2)
    assert (ieuan.year_group, ieuan.username, ieuan.upn) == (0, "", None)


def test_everything_optional_is_used_when_present(tmp_path: Path) -> None:
    everything = files(
        manifest=manifest(
            demographics="bulk", classes="bulk", enrollments="bulk", courses="bulk", academicSessions="bulk"
        ),
        demographics=[["sourcedId", "birthDate"], ["u1", "2012-04-30"]],
        courses=[["sourcedId"], ["c"]],
        academicSessions=[["sourcedId"], ["t1"], ["t2"]],
        classes=[
            ["sourcedId", "title", "classType", "schoolSourcedId", "courseSourcedId", "termSourcedIds"],
            ["k1", "9B", "homeroom", "s1", "c", "t1,t2"],
            ["k2", "9 Maths", "scheduled", "s1", "c", "t1"],
        ],
        enrollments=[
            ["sourcedId", "classSourcedId", "schoolSourcedId", "userSourcedId", "role"],
            ["e1", "k2", "s1", "u1", "student"],
            ["e2", "k1", "s1", "u1", "student"],
        ],
    )
    [student] = read_one_roster(write_bundle(tmp_path / "r.zip", everything)).students
    assert (student.date_of_birth, student.registration_group) == (date(2012, 4, 30), "9B")


def test_version_1_2_takes_roles_from_their_own_file(tmp_path: Path) -> None:
    header = ["sourcedId", "username", "givenName", "familyName", "preferredGivenName", "grades", "userIds"]
    everything = files(
        manifest=manifest("1.2", roles="bulk"),
        orgs=orgs("One", "Two"),
        users=[
            header,
            ["u1", "kwame", "Kwame", "Mensah", "Kofi", "10", ""],
            ["u2", "t", "A", "Teacher", "", "", ""],
        ],
        roles=[
            ["sourcedId", "userSourcedId", "roleType", "role", "orgSourcedId"],
            ["r1", "u1", "primary", "student", "s1"],
            ["r2", "u1", "secondary", "student", "s2"],
            ["r3", "u2", "primary", "teacher", "s1"],
        ],
    )
    students = read_one_roster(write_bundle(tmp_path / "r.zip", everything)).students
    assert [(one.mis_id, one.org_id, one.given_name) for one in students] == [
        ("u1", "s1", "Kofi"),
        ("u1", "s2", "Kofi"),
    ]
    without = {name: rows for name, rows in everything.items() if name != "roles.csv"}
    without["manifest.csv"] = manifest("1.2")
    assert "roles.csv: is missing" in refusal(write_bundle(tmp_path / "w.zip", without))


def test_somebody_at_two_schools_comes_twice(tmp_path: Path) -> None:
    both = files(orgs=orgs("One", "Two"), users=users(user("u1", org="s1, s2,d")))
    roster = read_one_roster(write_bundle(tmp_path / "r.zip", both))
    assert [student.org_id for student in roster.students] == ["s1", "s2"]


ENROLLED = ["sourcedId", "classSourcedId", "schoolSourcedId", "userSourcedId", "role"]
LOOP = [["sourcedId", "name", "type", "identifier", "parentSourcedId"]]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"users": users(user("u1"), user("u2", role="wizard"))}, "users.csv line 3: role must be one of"),
        (
            {"users": users(user("u1", org="s9"))},
            "users.csv line 2: orgSourcedIds names an organisation that",
        ),
        ({"users": users(user("u1", org="d"))}, "users.csv line 2: orgSourcedIds names no school"),
        ({"users": users(user("u1"), user("u1"))}, "users.csv line 3: repeats the sourcedId of line 2"),
        ({"users": users(user(""))}, "users.csv line 2: has no sourcedId"),
        (
            {"users": users(user("u1", family=""))},
            "users.csv line 2: familyName must have 1 to 200 characters",
        ),
        ({"users": users(user("u1", given="x" * 201))}, "users.csv line 2: givenName must have 1 to 200"),
        ({"users": users(user("u1", status="perhaps"))}, "users.csv line 2: status must be active or"),
        ({"users": users([*user("u1"), "more"])}, "users.csv line 2: has 12 fields where the header has 11"),
        ({"users": users(user("u1", given="a\x00b"))}, "users.csv line 2: has a control character"),
        ({"users": [["sourcedId", "role"], ["u1", "student"]]}, "users.csv line 1: has no column username"),
        ({"users": b'a,b\r\n"x'}, "users.csv line 1: has no column"),
        ({"users": to_csv(users(user("u1"))) + b'"open'}, "users.csv line 3: cannot be read as CSV"),
        ({"users": to_csv(users(user("u1"))) + b"\xe9,x"}, "users.csv line 3: is not UTF-8"),
        ({"orgs": [*orgs("One"), ["s5", "X", "castle", "", ""]]}, "orgs.csv line 4: type must be one of"),
        ({"orgs": [*orgs("One"), ["s5", "X", "school", "", "s6"]]}, "orgs.csv line 4: parentSourcedId names"),
        (
            {"orgs": [*LOOP, ["s1", "A", "school", "", "x"], ["x", "B", "district", "", "s1"]]},
            "orgs.csv line 2: is its own parent",
        ),
    ],
)
def test_every_mistake_is_named_by_its_line(
    tmp_path: Path, changed: dict[str, Rows | bytes], said: str
) -> None:
    assert said in refusal(write_bundle(tmp_path / "r.zip", files(**changed)))


@pytest.mark.parametrize(
    ("name", "rows", "said"),
    [
        (
            "demographics",
            [["sourcedId", "birthDate"], ["u9", ""]],
            "demographics.csv line 2: sourcedId names",
        ),
        (
            "demographics",
            [["sourcedId", "birthDate"], ["u1", "30/04/2012"]],
            "line 2: birthDate must be a date",
        ),
        (
            "enrollments",
            [ENROLLED, ["e", "", "s1", "u9", "student"]],
            "enrollments.csv line 2: userSourcedId names",
        ),
        (
            "enrollments",
            [ENROLLED, ["e", "", "s9", "u1", "student"]],
            "enrollments.csv line 2: schoolSourcedId",
        ),
        ("enrollments", [ENROLLED, ["e", "", "s1", "u1", "wizard"]], "enrollments.csv line 2: role must be"),
        (
            "classes",
            [["sourcedId", "title", "schoolSourcedId"], ["k", "9B", "s9"]],
            "classes.csv line 2: schoolSourcedId names",
        ),
    ],
)
def test_references_must_hold(tmp_path: Path, name: str, rows: Rows, said: str) -> None:
    broken = files(manifest=manifest(**{name: "bulk"}), **{name: rows})
    assert said in refusal(write_bundle(tmp_path / "r.zip", broken))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    said = refusal(
        bundle(tmp_path / "r.zip", user("u1", role="wizard"), user("u2", org="s9"), user("u3", given=""))
    )
    assert [f"users.csv line {line}:" in said for line in (2, 3, 4)] == [True, True, True]


def test_no_refusal_quotes_a_name(tmp_path: Path) -> None:
    rows = [user("u1", given="Persephone", family="Featherstone", role="wizard", username="pfeather")]
    said = refusal(bundle(tmp_path / "r.zip", *rows))
    for private in ("Persephone", "Featherstone", "pfeather"):
        assert private not in said
