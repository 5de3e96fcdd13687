"""Where sealed blobs lie: one small interface, and the local folder behind it.

Blobs are named by the sha256 of their sealed bytes, so writing twice is writing once. A store never
sees anything unsealed.
"""

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from uuid import uuid4

_NAME = re.compile(r"[0-9a-f]{64}")


class BlobMissingError(LookupError):
    """The store has no blob of that name, or what lies there is damaged."""


class BlobStore(Protocol):
    """What any store must do; an object store needs no more."""

    def put(self, sealed: bytes) -> str:
        """Keep ``sealed`` durably; returns its name."""

    def get(self, name: str) -> bytes:
        """The bytes of that name. Raises BlobMissingError."""

    def delete(self, name: str) -> None:
        """Forget that name; it may be gone already."""


class FolderBlobStore:
    """Blobs as files of a local folder, two levels deep, readable by the server's own account only."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is made when the first blob comes."""
        self._folder = folder

    def put(self, sealed: bytes) -> str:
        """Write beside, flush to disk, then rename: a half-written blob never has a name."""
        name = hashlib.sha256(sealed).hexdigest()
        path = self._path(name)
        if path.exists():
            return name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{uuid4().hex}")
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            with suppress(FileNotFoundError):
                draft.unlink()
        self._flush_folder(path.parent)
        return name

    def get(self, name: str) -> bytes:
        """The blob, checked against its name."""
        try:
            sealed = self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise BlobMissingError(name) from error
        if hashlib.sha256(sealed).hexdigest() != name:
            raise BlobMissingError(f"{name} is damaged")
        return sealed

    def delete(self, name: str) -> None:
        """Remove the file if it is there."""
        with suppress(FileNotFoundError):
            self._path(name).unlink()

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise BlobMissingError("not a blob's name")
        return self._folder / name[:2] / name[2:4] / name

    @staticmethod
    def _flush_folder(folder: Path) -> None:
        # The rename itself must survive a power cut; Windows has no handle on a folder to flush.
        if os.name == "posix":
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
