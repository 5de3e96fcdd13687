"""Makes a Roster true in the database: all of it or nothing, and again the same when run again.

A student is known by UPN within the academy, then by the MIS's id; never merged by name. Who is no
longer in the roster has left: marked, never deleted.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from server.audit.domain import SYSTEM
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.mis.domain import ImportRefusedError, Mistake, new_pseudonym
from server.mis.one_roster import read_one_roster
from server.mis.ports import Roster, RosterAdapter, RosterOrg, RosterStudent
from server.mis.repository import (
    insert_students,
    list_pseudonyms,
    list_students_of,
    lock_imports,
    replace_accounts,
    update_students,
)
from server.mis.tables import StudentRow
from server.organisation.repository import list_academies

MASS_LEAVING_FROM = 20
MASS_LEAVING_SHARE = 0.5


@dataclass(slots=True)
class ImportReport:
    """What an import did, in numbers. ``str()`` gives the lines a person reads."""

    academies: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    returned: int = 0
    left: int = 0
    without_account: int = 0
    skipped_schools: list[str] = field(default_factory=list)
    """sourcedIds of schools that are not academies of this trust and have no students in the roster."""

    def __str__(self) -> str:
        """One sentence of counts, then what needs attention."""
        lines = [
            f"{self.academies} academies: {self.added} students added, {self.changed} changed,"
            f" {self.unchanged} unchanged, {self.returned} returned, {self.left} marked as left."
        ]
        if self.without_account:
            lines.append(
                f"{self.without_account} students have no username: their devices cannot be matched to them."
            )
        if self.skipped_schools:
            lines.append(f"Skipped schools without students: {', '.join(self.skipped_schools)}.")
        return "\n".join(lines)


def import_roster(
    session: WriteSession,
    clock: Clock,
    *,
    trust_id: UUID,
    path: Path,
    read: RosterAdapter = read_one_roster,
    allow_mass_leaving: bool = False,
) -> ImportReport:
    """Import the export at ``path`` for the academies of a trust. Raises ImportRefusedError; then nothing changed.

    A school of the file is the academy with its URN (``identifier``), or else its name. When more than half
    of an academy's students would be marked as left, somebody must say that this is meant.
    """
    roster = read(path)
    lock_imports(session)
    work = _Import(session, clock.now(), trust_id, roster)
    work.match_academies()
    work.match_students()
    if not allow_mass_leaving:
        work.refuse_mass_leaving()
    work.refuse_mistakes()
    return work.write()


class _Import:
    """One import: first everything is matched and checked, then written."""

    def __init__(self, session: WriteSession, now: datetime, trust_id: UUID, roster: Roster) -> None:
        self._session, self._now, self._trust_id, self._roster = session, now, trust_id, roster
        self._mistakes: list[Mistake] = []
        self._academy_of_org: dict[str, UUID] = {}
        self._known: dict[UUID, StudentRow] = {}
        self._matched: list[tuple[RosterStudent, UUID, StudentRow | None]] = []
        self._accounts: dict[tuple[UUID, str], tuple[int, int]] = {}
        self._report = ImportReport()

    def match_academies(self) -> None:
        """Find the academy of every school that has students in the file."""
        academies = list_academies(self._session, self._trust_id)
        by_urn = {row.urn: row.id for row in academies if row.urn}
        by_name = {row.name.casefold(): row.id for row in academies}
        attended = {student.org_id for student in self._roster.students}
        org_of_academy: dict[UUID, RosterOrg] = {}
        for org in self._roster.orgs:
            academy_id = by_urn.get(org.identifier) or by_name.get(org.name.casefold())
            if academy_id is None and org.org_id in attended:
                what = "is no academy of this trust by identifier (URN) or name; add the academy first, or correct it."
                self._note(self._roster.org_file, org.line, what)
            elif academy_id is None:
                self._report.skipped_schools.append(org.org_id)
            elif academy_id in org_of_academy:
                what = f"is the same academy as line {org_of_academy[academy_id].line}; remove one of them."
                self._note(self._roster.org_file, org.line, what)
            else:
                org_of_academy[academy_id] = org
                self._academy_of_org[org.org_id] = academy_id
        self._report.academies = len(self._academy_of_org)

    def match_students(self) -> None:
        """Find out who is new and who is known, and whose identities contradict each other."""
        rows = list_students_of(self._session, self._academy_of_org.values())
        self._known = {row.id: row for row in rows}
        by_mis_id = {(row.academy_id, row.mis_id): row for row in rows}
        by_upn = {(row.academy_id, row.upn): row for row in rows if row.upn}
        seen_upns: dict[tuple[UUID, str], int] = {}
        for student in self._roster.students:
            academy_id = self._academy_of_org.get(student.org_id)
            if academy_id is None:
                continue
            known = by_mis_id.get((academy_id, student.mis_id))
            if student.upn:
                self._note_repeat(seen_upns, (academy_id, student.upn), student.line, "UPN")
                same_upn = by_upn.get((academy_id, student.upn))
                if known is not None and same_upn is not None and known is not same_upn:
                    what = "is one known student by UPN and another by sourcedId; find out which and correct the MIS."
                    self._note(self._roster.file, student.line, what)
                known = same_upn or known
            self._note_accounts(academy_id, student, len(self._matched))
            self._matched.append((student, academy_id, known))
        self._refuse_two_for_one()

    def refuse_mass_leaving(self) -> None:
        """A half-empty export must not close half a school."""
        for org in self._roster.orgs:
            academy_id = self._academy_of_org.get(org.org_id)
            here = [
                row for row in self._known.values() if row.academy_id == academy_id and row.left_on is None
            ]
            leaving = [row for row in here if row.id not in self._kept()]
            if len(here) >= MASS_LEAVING_FROM and len(leaving) > MASS_LEAVING_SHARE * len(here):
                what = (
                    f"{len(leaving)} of {len(here)} students of this school are not in the file and would be marked"
                    " as left; export again, or say --allow-mass-leaving if this is right."
                )
                self._note(self._roster.org_file, org.line, what)

    def refuse_mistakes(self) -> None:
        """Stop before anything is written."""
        if self._mistakes:
            raise ImportRefusedError(sorted(self._mistakes, key=lambda one: (one.file, one.line)))

    def write(self) -> ImportReport:
        """Write students, accounts and one AuditEntry."""
        taken = list_pseudonyms(self._session)
        new: list[Mapping[str, Any]] = []
        changed: list[Mapping[str, Any]] = []
        ids: list[UUID] = []
        for student, academy_id, known in self._matched:
            values = self._values(student)
            ids.append(known.id if known else uuid4())
            if known is None:
                pseudonym = new_pseudonym(taken, _random_hex)
                fixed = {
                    "id": ids[-1],
                    "academy_id": academy_id,
                    "trust_id": self._trust_id,
                    "pseudonym": pseudonym,
                }
                new.append({**fixed, **values})
            else:
                self._count(known, values)
                changed.append({"id": known.id, **values})
        changed.extend(self._leavers())
        self._report.added = len(new)
        insert_students(self._session, new)
        update_students(self._session, changed)
        accounts = {key: ids[index] for key, (index, _) in self._accounts.items()}
        replace_accounts(self._session, accounts, ids)
        self._audit()
        return self._report

    def _note(self, file: str, line: int, what: str) -> None:
        self._mistakes.append(Mistake(file, line, what))

    def _note_repeat(self, seen: dict[Any, int], key: Any, line: int, what: str) -> None:
        if key in seen:
            text = f"has the {what} of line {seen[key]} at the same school; correct one of them."
            self._note(self._roster.file, line, text)
        seen.setdefault(key, line)

    def _note_accounts(self, academy_id: UUID, student: RosterStudent, index: int) -> None:
        """Claim the username; two students of one school may not share it."""
        if not student.username:
            self._report.without_account += 1
            return
        key = (academy_id, student.username)
        if key in self._accounts:
            text = (
                f"has the username of line {self._accounts[key][1]} at the same school; correct one of them."
            )
            self._note(self._roster.file, student.line, text)
        self._accounts.setdefault(key, (index, student.line))

    def _refuse_two_for_one(self) -> None:
        seen: dict[UUID, int] = {}
        for student, _, known in self._matched:
            if known is not None:
                self._note_repeat(seen, known.id, student.line, "UPN or sourcedId of the student")

    def _kept(self) -> set[UUID]:
        return {known.id for _, _, known in self._matched if known is not None}

    def _leavers(self) -> list[Mapping[str, Any]]:
        kept = self._kept()
        gone = [row for row in self._known.values() if row.left_on is None and row.id not in kept]
        self._report.left = len(gone)
        today: date = self._now.date()
        return [{"id": row.id, "left_on": today, "synced_at": self._now} for row in gone]

    def _values(self, student: RosterStudent) -> dict[str, Any]:
        return {
            "mis_id": student.mis_id,
            "upn": student.upn,
            "given_name": student.given_name,
            "family_name": student.family_name,
            "date_of_birth": student.date_of_birth,
            "year_group": student.year_group,
            "registration_group": student.registration_group,
            "left_on": None,
            "synced_at": self._now,
        }

    def _count(self, known: StudentRow, values: Mapping[str, Any]) -> None:
        if known.left_on is not None:
            self._report.returned += 1
        elif any(getattr(known, name) != value for name, value in values.items() if name != "synced_at"):
            self._report.changed += 1
        else:
            self._report.unchanged += 1

    def _audit(self) -> None:
        counts = {"added": self._report.added, "changed": self._report.changed, "left": self._report.left}
        write_audit(
            self._session,
            SYSTEM,
            verb="imported_roster",
            subject_kind="trust",
            subject_id=self._trust_id,
            trust_id=self._trust_id,
            details=counts,
        )


def _random_hex(digits: int) -> str:
    return secrets.token_hex((digits + 1) // 2)[:digits]
