"""The folder keeps sealed bytes by their hash, whole or not at all."""

import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.evidence.blob_store import BlobMissingError, FolderBlobStore


def test_what_was_put_is_got_back_by_its_hash(tmp_path: Path) -> None:
    store = FolderBlobStore(tmp_path / "blobs")
    name = store.put(b"sealed")
    assert name == hashlib.sha256(b"sealed").hexdigest()
    assert store.get(name) == b"sealed"
    assert store.put(b"sealed") == name


def test_files_are_the_servers_own(tmp_path: Path) -> None:
    FolderBlobStore(tmp_path / "blobs").put(b"sealed")
    [file] = [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_many_writers_of_one_blob_leave_one_file(tmp_path: Path) -> None:
    store = FolderBlobStore(tmp_path)
    with ThreadPoolExecutor(8) as crowd:
        names = set(crowd.map(lambda _: store.put(b"x" * 50_000), range(32)))
    assert len(names) == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_damaged_blob_is_missing_rather_than_wrong(tmp_path: Path) -> None:
    store = FolderBlobStore(tmp_path)
    name = store.put(b"sealed")
    next(path for path in tmp_path.rglob(name)).write_bytes(b"other")
    with pytest.raises(BlobMissingError):
        store.get(name)


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "Z" * 64, "0" * 63])
def test_what_is_not_there_is_missing(tmp_path: Path, name: str) -> None:
    with pytest.raises(BlobMissingError):
        FolderBlobStore(tmp_path).get(name)


def test_deleting_is_final_and_may_be_repeated(tmp_path: Path) -> None:
    store = FolderBlobStore(tmp_path)
    name = store.put(b"sealed")
    store.delete(name)
    store.delete(name)
    with pytest.raises(BlobMissingError):
        store.get(name)
