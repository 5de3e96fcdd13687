"""Writes the demonstration's MIS files: a OneRoster 1.1 CSV bundle, attendance and behaviour CSV.

The files are what an MIS would export, so the real importers read them; nobody here touches a table.
"""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from server.demonstration.names import draw_names

STUDENTS = 300
SEED = 20261116
MACHINE_STUDENT = 104
"""The number of the student, in year 10 of the secondary academy, who sits at this machine."""
NO_HOUR = (1980, 1, 1, 0, 0, 0)
"""The age the zip gives its files: the hour of writing would make other bytes each time."""


@dataclass(frozen=True, slots=True)
class DemoAcademy:
    """An invented academy. ``org_id`` is its sourcedId in the roster."""

    org_id: str
    name: str
    phase: str
    years: tuple[int, ...]
    share: int
    """Students of this academy; the three add up to STUDENTS."""


ACADEMIES = (
    DemoAcademy("org-primary", "Fernhollow Primary Academy (demo)", "primary", (2, 3, 4, 5, 6), 90),
    DemoAcademy("org-secondary", "Alderbrook Academy (demo)", "secondary", (7, 8, 9, 10, 11), 150),
    DemoAcademy("org-sixth", "Kingsmoor Sixth Form (demo)", "sixteen_plus", (12, 13), 60),
)


@dataclass(frozen=True, slots=True)
class RosterFiles:
    """Where the files were written."""

    roster_zip: Path
    attendance: dict[str, Path]
    behaviour: dict[str, Path]


def write_roster(folder: Path, *, today: date, machine_account: str) -> RosterFiles:
    """Write every file into ``folder`` (made if missing); the same arguments give the same bytes.

    ``machine_account``, the operating system's name for whoever runs the demonstration, is given to one
    invented student of the secondary academy, so that what is typed on this machine finds a record.
    """
    folder.mkdir(parents=True, exist_ok=True)
    dice = Random(SEED)  # noqa: S311 - invented names, not secrets
    students = _students(dice, machine_account)
    bundle = {
        "manifest.csv": _manifest(),
        "orgs.csv": _orgs(),
        "users.csv": students,
        "enrollments.csv": [["sourcedId", "classSourcedId", "schoolSourcedId", "userSourcedId", "role"]],
    }
    zip_path = folder / "oneroster.zip"
    with zipfile.ZipFile(zip_path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in bundle.items():
            entry = zipfile.ZipInfo(name, NO_HOUR)
            archive.writestr(entry, _csv(rows), zipfile.ZIP_DEFLATED)
    attendance, behaviour = {}, {}
    for academy in ACADEMIES:
        own = [row for row in students[1:] if row[4] == academy.org_id]
        attendance[academy.org_id] = folder / f"attendance-{academy.org_id}.csv"
        attendance[academy.org_id].write_text(_csv(_attendance(dice, own)), encoding="utf-8")
        behaviour[academy.org_id] = folder / f"behaviour-{academy.org_id}.csv"
        behaviour[academy.org_id].write_text(_csv(_behaviour(dice, own, today)), encoding="utf-8")
    return RosterFiles(zip_path, attendance, behaviour)


def _csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _manifest() -> list[list[str]]:
    present = {"orgs", "users", "enrollments"}
    files = "academicSessions categories classes classResources courses courseResources demographics".split()
    files += "enrollments lineItems orgs resources results users".split()
    rows = [["propertyName", "value"], ["manifest.version", "1.0"], ["oneroster.version", "1.1"]]
    rows += [[f"file.{name}", "bulk" if name in present else "absent"] for name in files]
    return [*rows, ["source.systemName", "Invented MIS"], ["source.systemCode", "demo"]]


def _orgs() -> list[list[str]]:
    header = ["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"]
    rows = [header, ["org-trust", "", "", "Wrenfield Learning Trust (demo)", "district", "", ""]]
    return rows + [[a.org_id, "", "", a.name, "school", a.org_id, "org-trust"] for a in ACADEMIES]


def _students(dice: Random, machine_account: str) -> list[list[str]]:
    # The columns of OneRoster 1.1 §4.13 users.csv, in the published order.
    header = (
        "sourcedId status dateLastModified enabledUser orgSourcedIds role username userIds givenName familyName "
        "middleName identifier email sms phone agentSourcedIds grades password"
    )
    rows = [header.split()]
    names = iter(draw_names(dice, STUDENTS))
    number = 0
    for academy in ACADEMIES:
        for index in range(academy.share):
            number += 1
            given, family = next(names)
            year = academy.years[index % len(academy.years)]
            username = f"{given[:1]}{family}{number:03d}".lower().replace("'", "").replace("ó", "o")
            if number == MACHINE_STUDENT:
                username = machine_account
            upn = f"Z{number:012d}"
            rows.append(
                [
                    *(
                        f"stu-{number:04d}",
                        "",
                        "",
                        "true",
                        academy.org_id,
                        "student",
                        username,
                        f"{{UPN:{upn}}}",
                    ),
                    *(given, family, "", upn, "", "", "", "", f"{year:02d}", ""),
                ]
            )
    return rows


def _attendance(dice: Random, students: list[list[str]]) -> list[list[str]]:
    header = ["mis_id", "possible", "present", "authorised", "unauthorised", "late"]
    rows = [header]
    for student in students:
        possible = 118
        absent = min(possible, int(dice.expovariate(1 / 6)))
        unauthorised = dice.randint(0, absent)
        late = dice.randint(0, 7)
        row = [possible, possible - absent, absent - unauthorised, unauthorised, late]
        rows.append([student[0], *map(str, row)])
    return rows


def _behaviour(dice: Random, students: list[list[str]], today: date) -> list[list[str]]:
    rows = [["entry_id", "mis_id", "occurred_on", "kind", "points", "note"]]
    kinds = (("Homework missing", -1), ("Kindness", 2), ("Late to lesson", -1), ("Good effort", 1))
    for number, student in enumerate(dice.sample(students, len(students) // 3), start=1):
        kind, points = dice.choice(kinds)
        day = today - timedelta(days=dice.randint(1, 40))
        rows.append(
            [f"beh-{student[0]}-{number}", student[0], day.isoformat(), kind, str(points), "Invented entry"]
        )
    return rows
