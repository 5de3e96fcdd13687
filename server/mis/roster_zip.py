"""Opens a OneRoster CSV bundle: the manifest, and the files it promises. Nothing is written to disk.

The limits below are far above any real trust and far below what would hurt the server.
"""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from server.mis.csv_table import Row, read_table
from server.mis.domain import ImportRefusedError, Mistake

MANIFEST = "manifest.csv"
VERSIONS = ("1.1", "1.2")
MAX_ZIP_BYTES = 256 * 1024 * 1024
MAX_MEMBER_BYTES = 256 * 1024 * 1024
MAX_TOTAL_BYTES = 512 * 1024 * 1024
MAX_MEMBERS = 100
MAX_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bundle:
    """The bundle's version and the plain bytes of every file the manifest calls bulk."""

    version: str
    files: dict[str, bytes]

    def rows(self, name: str, columns: tuple[str, ...], mistakes: list[Mistake]) -> list[Row]:
        """The rows of ``name``; none when the bundle does not carry that file."""
        raw = self.files.get(name)
        return [] if raw is None else read_table(name, raw, columns, mistakes)


def open_bundle(path: Path, wanted: frozenset[str]) -> Bundle:
    """The manifest's word and the ``wanted`` files of the zip at ``path``. Raises ImportRefusedError."""
    try:
        if path.stat().st_size > MAX_ZIP_BYTES:
            raise _refused(
                path.name, f"is larger than {MAX_ZIP_BYTES >> 20} MiB; export one trust at a time."
            )
        with zipfile.ZipFile(path) as archive:
            members = _members(path.name, archive)
            version, modes = _manifest(archive, members)
            names = [name for name, mode in modes.items() if mode == "bulk" and name in wanted]
            return Bundle(version, {name: _read(archive, members[name]) for name in names})
    except OSError as error:
        raise _refused(path.name, "cannot be read; check the path and its permissions.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _refused(path.name, "is not a whole, plain zip file; export or download it again.") from error


def _members(file: str, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MAX_MEMBERS:
        raise _refused(file, f"holds more than {MAX_MEMBERS} files; export a plain OneRoster bundle.")
    if sum(info.file_size for info in infos) > MAX_TOTAL_BYTES:
        raise _refused(file, f"unpacks to more than {MAX_TOTAL_BYTES >> 20} MiB; export one trust at a time.")
    for info in infos:
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > MAX_MEMBER_BYTES or (
            info.file_size > RATIO_MATTERS_FROM_BYTES and ratio > MAX_RATIO
        ):
            raise _refused(file, "unpacks to far more than it should; export it again from the MIS.")
    names = [info.filename for info in infos]
    if len(set(names)) != len(names):
        raise _refused(file, "holds two files of the same name; export it again.")
    if MANIFEST not in names:
        nested = any(name.endswith("/" + MANIFEST) for name in names)
        what = "holds its files inside a folder" if nested else "has no manifest.csv"
        raise _refused(file, f"{what}; export a OneRoster CSV bundle with the files at its root.")
    return {info.filename: info for info in infos}


def _manifest(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> tuple[str, dict[str, str]]:
    mistakes: list[Mistake] = []
    rows = read_table(MANIFEST, _read(archive, members[MANIFEST]), ("propertyName", "value"), mistakes)
    version = ""
    modes: dict[str, str] = {}
    for row in rows:
        name, value = row.get("propertyName"), row.get("value")
        if name == "oneroster.version":
            version = value
            if value not in VERSIONS:
                what = f"oneroster.version must be one of {', '.join(VERSIONS)}; export in one of these."
                mistakes.append(Mistake(MANIFEST, row.line, what))
        elif name.startswith("file."):
            modes[name.removeprefix("file.") + ".csv"] = value
            mistakes.extend(_mode_mistakes(row, value, name.removeprefix("file.") + ".csv", members))
    if not version and not mistakes:
        mistakes.append(Mistake(MANIFEST, 0, "does not name oneroster.version; export the bundle again."))
    if {"bulk", "delta"} <= set(modes.values()):
        what = "mixes bulk and delta files; export everything as bulk."
        mistakes.append(Mistake(MANIFEST, 0, what))
    elif "delta" in modes.values():
        what = "is a delta; we take whole exports, so that who left can be told. Export everything as bulk."
        mistakes.append(Mistake(MANIFEST, 0, what))
    if mistakes:
        raise ImportRefusedError(mistakes)
    return version, modes


def _mode_mistakes(row: Row, mode: str, name: str, members: dict[str, zipfile.ZipInfo]) -> list[Mistake]:
    if mode not in {"bulk", "delta", "absent"}:
        return [Mistake(MANIFEST, row.line, "a file must be bulk, delta or absent; correct it.")]
    if mode == "absent" and name in members:
        return [
            Mistake(MANIFEST, row.line, f"calls {name} absent, but the bundle holds it; export it again.")
        ]
    if mode != "absent" and name not in members:
        return [
            Mistake(MANIFEST, row.line, f"promises {name}, but the bundle does not hold it; export it again.")
        ]
    return []


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    # The header may lie about the size, so the limit is kept while reading as well.
    with archive.open(info) as member:
        raw = member.read(MAX_MEMBER_BYTES + 1)
    if len(raw) > MAX_MEMBER_BYTES:
        raise _refused(info.filename, "unpacks to far more than it should; export it again from the MIS.")
    return raw


def _refused(file: str, what: str) -> ImportRefusedError:
    return ImportRefusedError([Mistake(file, 0, what)])
