"""The manifest decides; bombs, rubbish and lies about size are refused."""

import zipfile
from pathlib import Path

import pytest

from tests.kit.roster import Rows, files, manifest, orgs, refusal, users, write_bundle


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (manifest(users="delta"), "mixes bulk and delta"),
        (manifest(users="delta", orgs="delta"), "is a delta"),
        (manifest("2.0"), "manifest.csv line 3: oneroster.version must be one of 1.1, 1.2"),
        (manifest(users="absent"), "calls users.csv absent, but the bundle holds it"),
        (manifest(classes="bulk"), "promises classes.csv, but the bundle does not hold it"),
        (manifest(users="sometimes"), "must be bulk, delta or absent"),
        ([["propertyName", "value"]], "does not name oneroster.version"),
        ([["a"], ["b"]], "manifest.csv line 1: has no column"),
    ],
)
def test_the_manifest_decides(tmp_path: Path, rows: Rows, said: str) -> None:
    assert said in refusal(write_bundle(tmp_path / "r.zip", files(manifest=rows)))


def test_a_bundle_without_users_or_manifest_is_refused(tmp_path: Path) -> None:
    only: dict[str, Rows | bytes] = {
        "manifest.csv": [["propertyName", "value"], ["oneroster.version", "1.1"], ["file.orgs", "bulk"]],
        "orgs.csv": orgs("One"),
    }
    assert "users.csv: is missing" in refusal(write_bundle(tmp_path / "r.zip", only))
    assert "has no manifest.csv" in refusal(write_bundle(tmp_path / "n.zip", {"users.csv": users()}))
    nested: dict[str, Rows | bytes] = {"export/" + name: rows for name, rows in files().items()}
    assert "inside a folder" in refusal(write_bundle(tmp_path / "f.zip", nested))


def test_bombs_and_rubbish_are_refused(tmp_path: Path) -> None:
    bomb = files(users=b"0" * (64 * 1024 * 1024))
    assert "far more than it should" in refusal(write_bundle(tmp_path / "b.zip", bomb))
    many = files() | {f"x{number}.csv": b"" for number in range(100)}
    assert "more than 100 files" in refusal(write_bundle(tmp_path / "m.zip", many))
    (tmp_path / "t.zip").write_bytes(b"not a zip at all")
    assert "not a whole, plain zip" in refusal(tmp_path / "t.zip")
    whole = write_bundle(tmp_path / "c.zip", files()).read_bytes()
    (tmp_path / "c.zip").write_bytes(whole[:60] + bytes(40) + whole[100:])
    assert "not a whole, plain zip" in refusal(tmp_path / "c.zip")
    assert "cannot be read" in refusal(tmp_path / "missing.zip")
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("manifest.csv", "a")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("manifest.csv", "b")
    assert "two files of the same name" in refusal(tmp_path / "d.zip")


def test_a_size_that_lies_is_caught_while_reading(tmp_path: Path) -> None:
    path = write_bundle(tmp_path / "l.zip", files(users=b"0" * 5_000_000))
    raw = path.read_bytes()
    true_size, lie = (5_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    assert raw.count(true_size) >= 2
    path.write_bytes(raw.replace(true_size, lie))
    assert "not a whole, plain zip" in refusal(path)
