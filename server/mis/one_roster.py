"""Adapter: a OneRoster 1.1 or 1.2 CSV bundle (bulk) becomes a Roster, or a list of mistakes by line.

Version 1.2 moved roles out of users.csv into roles.csv; everything else we read is alike.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from server.mis.csv_table import Row, iso_date
from server.mis.domain import ImportRefusedError, Mistake
from server.mis.ports import Roster, RosterOrg, RosterStudent
from server.mis.roster_zip import Bundle, open_bundle

WANTED = frozenset(
    {"orgs.csv", "users.csv", "roles.csv", "demographics.csv", "classes.csv", "enrollments.csv"}
    | {"courses.csv", "academicSessions.csv"}
)
ROLES = frozenset(
    "administrator aide counselor districtadministrator guardian parent principal proctor relative"
    " siteadministrator student systemadministrator teacher".split()
)
ORG_TYPES = frozenset("department school district local state national".split())
MAX_NAME_CHARS = 200
_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")
_USER_ID_UPN = re.compile(r"\{UPN:([^}]+)\}", re.IGNORECASE)
_YEAR = re.compile(r"(?:year\s*|y)?0*([0-9]|1[0-4])", re.IGNORECASE)
_RECEPTION = frozenset({"kg", "r", "rec", "reception"})


def read_one_roster(path: Path) -> Roster:
    """The roster in the bundle at ``path``. Raises ImportRefusedError with every mistake found."""
    bundle = open_bundle(path, WANTED)
    return _Reading(bundle).roster()


@dataclass
class _Reading:
    """One pass over one bundle; what is wrong gathers in ``mistakes``."""

    bundle: Bundle
    mistakes: list[Mistake] = field(default_factory=list)

    def roster(self) -> Roster:
        orgs = self._by_id("orgs.csv", "name", "type")
        self._check_orgs(orgs)
        users = self._by_id("users.csv", *self._user_columns())
        schools_of = self._schools_of_students(users, orgs)
        births = self._births(users)
        groups = self._registration_groups(users, orgs)
        students = [
            self._student(users[user_id], org_id, births.get(user_id), groups.get((user_id, org_id)))
            for user_id, org_ids in schools_of.items()
            for org_id in org_ids
        ]
        for needed in ("orgs.csv", "users.csv", *(("roles.csv",) if self._is_1_2 else ())):
            if needed not in self.bundle.files:
                self._note(needed, 0, "is missing from the bundle; include it in the export.")
        if self.mistakes:
            raise ImportRefusedError(self.mistakes)
        schools = tuple(
            RosterOrg(org_id, row.get("name"), row.get("identifier"), row.line)
            for org_id, row in orgs.items()
            if row.get("type").lower() == "school"
        )
        return Roster("users.csv", "orgs.csv", schools, tuple(students))

    @property
    def _is_1_2(self) -> bool:
        return self.bundle.version == "1.2"

    def _user_columns(self) -> tuple[str, ...]:
        common = ("username", "givenName", "familyName")
        return common if self._is_1_2 else (*common, "orgSourcedIds", "role")

    def _note(self, file: str, line: int, what: str) -> None:
        self.mistakes.append(Mistake(file, line, what))

    def _rows(self, file: str, *columns: str) -> list[Row]:
        rows = []
        for row in self.bundle.rows(file, columns, self.mistakes):
            status = row.get("status").lower()
            if status not in {"", "active", "tobedeleted"}:
                self._note(file, row.line, "status must be active or tobedeleted; correct it.")
            elif status != "tobedeleted":
                rows.append(row)
        return rows

    def _by_id(self, file: str, *columns: str) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for row in self._rows(file, "sourcedId", *columns):
            key = row.get("sourcedId")
            if not key:
                self._note(file, row.line, "has no sourcedId; give it one.")
            elif key in found:
                self._note(file, row.line, f"repeats the sourcedId of line {found[key].line}; remove one.")
            else:
                found[key] = row
        return found

    def _refers(self, file: str, row: Row, column: str, to: dict[str, Row], to_file: str) -> bool:
        """Whether ``column`` names a row of another file; says so if not."""
        if row.get(column) in to:
            return True
        self._note(
            file, row.line, f"{column} names a row that {to_file} does not have; add it or remove this row."
        )
        return False

    def _check_orgs(self, orgs: dict[str, Row]) -> None:
        for row in orgs.values():
            if row.get("type").lower() not in ORG_TYPES:
                self._note(
                    "orgs.csv", row.line, f"type must be one of {', '.join(sorted(ORG_TYPES))}; correct it."
                )
            if row.get("parentSourcedId"):
                self._refers("orgs.csv", row, "parentSourcedId", orgs, "orgs.csv")
        for org_id, row in orgs.items():
            seen = {org_id}
            parent = row.get("parentSourcedId")
            while parent in orgs and parent not in seen:
                seen.add(parent)
                parent = orgs[parent].get("parentSourcedId")
            if parent == org_id:
                self._note(
                    "orgs.csv",
                    row.line,
                    "is its own parent, directly or in a circle; correct parentSourcedId.",
                )

    def _schools_of_students(self, users: dict[str, Row], orgs: dict[str, Row]) -> dict[str, list[str]]:
        """For every student: the schools they are registered at, in the order of the file."""
        found: dict[str, list[str]] = {}
        if self._is_1_2:
            for row in self._rows("roles.csv", "userSourcedId", "role", "orgSourcedId"):
                known = self._refers("roles.csv", row, "userSourcedId", users, "users.csv")
                if self._is_student("roles.csv", row) and known:
                    org_ids = self._org_ids("roles.csv", row, "orgSourcedId", orgs)
                    schools = found.setdefault(row.get("userSourcedId"), [])
                    schools.extend(org_id for org_id in org_ids if org_id not in schools)
            return found
        for user_id, row in users.items():
            if self._is_student("users.csv", row):
                found[user_id] = self._org_ids("users.csv", row, "orgSourcedIds", orgs)
        return found

    def _is_student(self, file: str, row: Row) -> bool:
        role = row.get("role").lower()
        if role not in ROLES:
            self._note(file, row.line, f"role must be one of {', '.join(sorted(ROLES))}; correct it.")
        return role == "student"

    def _org_ids(self, file: str, row: Row, column: str, orgs: dict[str, Row]) -> list[str]:
        """The schools that a cell names. A student must have one."""
        named = list(dict.fromkeys(row.get_list(column)))
        for org_id in named:
            if org_id not in orgs:
                what = (
                    f"{column} names an organisation that orgs.csv does not have; add it there or correct it."
                )
                self._note(file, row.line, what)
        schools = [one for one in named if one in orgs and orgs[one].get("type").lower() == "school"]
        if not schools and all(one in orgs for one in named):
            self._note(file, row.line, f"{column} names no school; say which school the student attends.")
        return schools

    def _births(self, users: dict[str, Row]) -> dict[str, date]:
        found: dict[str, date] = {}
        for row in self._rows("demographics.csv", "sourcedId", "birthDate"):
            if self._refers("demographics.csv", row, "sourcedId", users, "users.csv"):
                born = iso_date("demographics.csv", row, "birthDate", self.mistakes)
                if born is not None:
                    found[row.get("sourcedId")] = born
        return found

    def _registration_groups(self, users: dict[str, Row], orgs: dict[str, Row]) -> dict[tuple[str, str], str]:
        """The homeroom a student is enrolled in, by student and school."""
        classes = self._by_id("classes.csv", "title", "schoolSourcedId")
        self._check_classes(classes, orgs)
        found: dict[tuple[str, str], str] = {}
        columns = ("classSourcedId", "schoolSourcedId", "userSourcedId", "role")
        for row in self._rows("enrollments.csv", *columns):
            known = [
                self._refers("enrollments.csv", row, "userSourcedId", users, "users.csv"),
                self._refers("enrollments.csv", row, "schoolSourcedId", orgs, "orgs.csv"),
            ]
            if "classes.csv" in self.bundle.files:
                known.append(self._refers("enrollments.csv", row, "classSourcedId", classes, "classes.csv"))
            if not self._is_student("enrollments.csv", row) or not all(known):
                continue
            group = classes.get(row.get("classSourcedId"))
            if group is not None and group.get("classType").lower() == "homeroom":
                key = (row.get("userSourcedId"), row.get("schoolSourcedId"))
                found.setdefault(key, group.get("title")[:MAX_NAME_CHARS])
        return found

    def _check_classes(self, classes: dict[str, Row], orgs: dict[str, Row]) -> None:
        courses, sessions = self._by_id("courses.csv"), self._by_id("academicSessions.csv")
        for row in classes.values():
            self._refers("classes.csv", row, "schoolSourcedId", orgs, "orgs.csv")
            if courses and row.get("courseSourcedId"):
                self._refers("classes.csv", row, "courseSourcedId", courses, "courses.csv")
            if sessions and any(one not in sessions for one in row.get_list("termSourcedIds")):
                what = "termSourcedIds names a row that academicSessions.csv does not have; add it or correct it."
                self._note("classes.csv", row.line, what)

    def _student(self, row: Row, org_id: str, born: date | None, group: str | None) -> RosterStudent:
        given, family = row.get("givenName"), row.get("familyName")
        for column, name in (("givenName", given), ("familyName", family)):
            if not 1 <= len(name) <= MAX_NAME_CHARS:
                self._note(
                    "users.csv", row.line, f"{column} must have 1 to {MAX_NAME_CHARS} characters; correct it."
                )
        return RosterStudent(
            mis_id=row.get("sourcedId"),
            org_id=org_id,
            given_name=row.get("preferredGivenName") or given,
            family_name=row.get("preferredFamilyName") or family,
            username=row.get("username").lower(),
            upn=_upn(row),
            date_of_birth=born,
            year_group=_year_group(row.get_list("grades")),
            registration_group=group,
            line=row.line,
        )


def _upn(row: Row) -> str | None:
    in_ids = _USER_ID_UPN.search(row.get("userIds"))
    for candidate in (in_ids.group(1) if in_ids else "", row.get("identifier")):
        if _UPN.fullmatch(candidate.strip().upper()):
            return candidate.strip().upper()
    return None


def _year_group(grades: list[str]) -> int | None:
    """National curriculum year: Reception is 0; what we cannot read stays unknown rather than guessed."""
    for grade in grades:
        if grade.lower() in _RECEPTION:
            return 0
        year = _YEAR.fullmatch(grade)
        if year:
            return int(year.group(1))
    return None
