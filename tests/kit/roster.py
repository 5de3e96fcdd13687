"""Writes OneRoster bundles for tests: a sound one, and the same with anything replaced."""

import csv
import io
import zipfile
from pathlib import Path

import pytest

from server.mis.domain import ImportRefusedError
from server.mis.one_roster import read_one_roster

Rows = list[list[str]]
BOM = b"\xef\xbb\xbf"


def manifest(version: str = "1.1", **modes: str) -> Rows:
    """The manifest's rows; ``modes`` replaces what a file is."""
    files = {"orgs": "bulk", "users": "bulk", **modes}
    rows = [["propertyName", "value"], ["manifest.version", "1.0"], ["oneroster.version", version]]
    return rows + [[f"file.{name}", mode] for name, mode in files.items()]


def orgs(*schools: str) -> Rows:
    """A district and the named schools, ``s1``, ``s2`` … under it."""
    rows = [
        ["sourcedId", "name", "type", "identifier", "parentSourcedId"],
        ["d", "The Trust", "district", "", ""],
    ]
    return rows + [[f"s{n}", name, "school", f"10000{n}", "d"] for n, name in enumerate(schools, start=1)]


USER_HEADER = [
    *"sourcedId status enabledUser orgSourcedIds role username userIds".split(),
    *"givenName familyName identifier grades".split(),
]


def user(
    mis_id: str,
    *,
    org: str = "s1",
    role: str = "student",
    username: str | None = None,
    given: str = "Maya",
    family: str = "Okafor",
    upn: str = "",
    grades: str = "09",
    status: str = "",
) -> list[str]:
    """One row of users.csv."""
    name = f"{mis_id}.user" if username is None else username
    return [
        mis_id,
        status,
        "true",
        org,
        role,
        name,
        f"{{UPN:{upn}}}" if upn else "",
        given,
        family,
        "",
        grades,
    ]


def users(*rows: list[str]) -> Rows:
    """users.csv."""
    return [USER_HEADER, *rows]


def to_csv(rows: Rows) -> bytes:
    """Rows as an MIS writes them: with a byte order mark and CRLF."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return BOM + out.getvalue().encode()


def write_bundle(path: Path, files: dict[str, Rows | bytes]) -> Path:
    """A zip of the files; bytes are written as they are."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else to_csv(content))
    return path


def bundle(path: Path, *rows: list[str], school: str = "Marsh Lane Academy") -> Path:
    """A sound 1.1 bundle of one school with these users."""
    files: dict[str, Rows | bytes] = {
        "manifest.csv": manifest(),
        "orgs.csv": orgs(school),
        "users.csv": users(*rows),
    }
    return write_bundle(path, files)


def refusal(path: Path) -> str:
    """What is said about a bundle that must be refused."""
    with pytest.raises(ImportRefusedError) as refused:
        read_one_roster(path)
    return refused.value.detail


def files(**changed: Rows | bytes) -> dict[str, Rows | bytes]:
    """A sound bundle's files with some replaced; ``users=…`` is users.csv."""
    sound: dict[str, Rows | bytes] = {
        "manifest.csv": manifest(),
        "orgs.csv": orgs("One"),
        "users.csv": users(user("u1")),
    }
    return sound | {f"{name}.csv": rows for name, rows in changed.items()}
