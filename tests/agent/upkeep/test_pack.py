"""A Pack is believed only when every file is the one that its manifest describes."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.upkeep.pack import PackError, load_pack
from shared.taxonomy import TAXONOMY_VERSION, Theme

SHIPPED = Path(__file__).parents[3] / "models" / "shipped"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the shipped pack, to be spoilt."""
    folder = tmp_path / "pack"
    shutil.copytree(SHIPPED, folder)
    return folder


def rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest of a copied pack."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


def test_the_shipped_pack_loads() -> None:
    """Version, terms, gate and a threshold for every theme that may flag by score."""
    loaded = load_pack(SHIPPED)
    assert loaded.version == "2026.11.1"
    assert loaded.taxonomy_version == TAXONOMY_VERSION
    assert len(loaded.phrases.terms) > 50
    assert {term.theme for term in loaded.phrases.terms} >= {Theme(f"T{at:02}") for at in range(1, 19)}
    assert set(loaded.thresholds) == set(loaded.gate.themes) - {Theme.OFFENSIVE}
    for limits in loaded.thresholds.values():
        assert 0 < limits.ask <= limits.gate <= 1
        assert 0 < limits.with_term <= limits.both <= 1.00001


def test_the_shipped_files_keep_to_their_sizes() -> None:
    """What a device downloads stays small."""
    assert (SHIPPED / "classifier.onnx").stat().st_size <= 4 * 1024 * 1024
    assert (SHIPPED / "gate.bin").stat().st_size <= 1.5 * 1024 * 1024
    assert (SHIPPED / "phrases.bin").stat().st_size <= 4 * 1024 * 1024
    assert (SHIPPED / "words.bin").stat().st_size <= 128 * 1024


@pytest.mark.parametrize("name", ["lexicon.toml", "phrases.bin", "words.bin", "gate.bin", "classifier.onnx"])
def test_a_tampered_file_is_refused_by_name(pack: Path, name: str) -> None:
    """One byte more and the pack is not used."""
    with (pack / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(PackError, match=name):
        load_pack(pack)


@pytest.mark.parametrize(
    "name", ["lexicon.toml", "phrases.bin", "words.bin", "gate.bin", "classifier.onnx", "manifest.json"]
)
def test_a_missing_file_is_refused_by_name(pack: Path, name: str) -> None:
    """Half a pack is no pack."""
    (pack / name).unlink()
    with pytest.raises(PackError, match=name):
        load_pack(pack)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda manifest: manifest.update(taxonomy_version=99), "taxonomy"),
        (lambda manifest: manifest["files"].pop("gate.bin"), "gate.bin"),
        (lambda manifest: manifest["files"].update({"../other": "0"}), "outside"),
        (lambda manifest: manifest.pop("thresholds"), "unusable"),
        (lambda manifest: manifest["thresholds"].update({"T99x": {}}), "unusable"),
        (lambda manifest: manifest.pop("files"), "lists no files"),
    ],
)
def test_a_wrong_manifest_is_refused(
    pack: Path, change: Callable[[dict[str, Any]], None], words: str
) -> None:
    """Unknown taxonomy, missing or stray files, unusable thresholds."""
    rewrite(pack, change)
    with pytest.raises(PackError, match=words):
        load_pack(pack)


def test_phrases_compiled_from_another_lexicon_are_refused(pack: Path) -> None:
    """New checksums alone do not make an edited lexicon work; the error says what to do."""
    with (pack / "lexicon.toml").open("ab") as file:
        file.write(b"# edited\n")
    digest = hashlib.sha256((pack / "lexicon.toml").read_bytes()).hexdigest()
    rewrite(pack, lambda manifest: manifest["files"].update({"lexicon.toml": digest}))
    with pytest.raises(PackError, match=r"phrases.bin is stale.*seal"):
        load_pack(pack)


@pytest.mark.parametrize("name", ["phrases.bin", "words.bin", "gate.bin"])
def test_a_file_of_another_kind_is_refused(pack: Path, name: str) -> None:
    """A right checksum over the wrong content."""
    (pack / name).write_bytes(b"something else")
    digest = hashlib.sha256(b"something else").hexdigest()
    rewrite(pack, lambda manifest: manifest["files"].update({name: digest}))
    with pytest.raises(PackError, match="not a"):
        load_pack(pack)


def test_a_manifest_that_is_no_manifest_is_refused(pack: Path) -> None:
    """Not JSON at all."""
    (pack / "manifest.json").write_text("nothing")
    with pytest.raises(PackError, match="JSON"):
        load_pack(pack)
