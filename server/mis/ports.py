"""What any MIS adapter gives us. "Pupil" and its kin are translated here and nowhere else."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RosterOrg:
    """A school as the MIS knows it."""

    org_id: str
    name: str
    identifier: str
    """The URN, or whatever number the MIS exports for the school."""
    line: int


@dataclass(frozen=True, slots=True)
class RosterStudent:
    """One student at one school. Somebody registered at two schools comes twice."""

    mis_id: str
    org_id: str
    given_name: str
    family_name: str
    username: str
    upn: str | None
    date_of_birth: date | None
    year_group: int | None
    registration_group: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody an MIS knows at its schools: a student who is not in it has left."""

    file: str
    """The file that names the students, for what is said to people."""
    org_file: str
    orgs: tuple[RosterOrg, ...]
    students: tuple[RosterStudent, ...]


class RosterAdapter(Protocol):
    """Reads one MIS's export. Raises ImportRefusedError naming every mistake it found."""

    def __call__(self, path: Path) -> Roster:
        """The whole roster in the file at ``path``."""
