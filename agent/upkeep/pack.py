"""Reads a Pack from its folder: every file is checked against the manifest before it is believed.

Comes in: a folder path. Goes out: plain values for the pipeline. Never: writing, the network.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agent.inspection.gate import GateError, parse_gate
from agent.inspection.matcher import PhrasesError, parse_phrases
from agent.inspection.pipeline import Pack
from agent.inspection.policy import Thresholds
from agent.inspection.vocabulary import VocabularyError, parse_vocabulary
from shared.taxonomy import TAXONOMY_VERSION, Theme

MANIFEST = "manifest.json"
LEXICON = "lexicon.toml"
PHRASES = "phrases.bin"
WORDS = "words.bin"
GATE = "gate.bin"
CLASSIFIER = "classifier.onnx"
_REQUIRED = (LEXICON, PHRASES, WORDS, GATE, CLASSIFIER)
_READ_HERE = frozenset({PHRASES, WORDS, GATE})
"""The others are only checked: the lexicon was compiled into the phrases, the child loads the classifier."""


class PackError(RuntimeError):
    """A Pack that must not be used. The message names the file and what is wrong with it."""


def load_pack(folder: Path) -> Pack:
    """The Pack in ``folder``.

    Raises PackError for a missing or altered file, an unknown taxonomy or unreadable content.
    """
    manifest = _manifest(folder)
    files = _checked_files(folder, manifest)
    try:
        if manifest["taxonomy_version"] != TAXONOMY_VERSION:
            raise PackError(
                f"{MANIFEST}: taxonomy {manifest['taxonomy_version']}, expected {TAXONOMY_VERSION}"
            )
        phrases = parse_phrases(files[PHRASES])
        if phrases.source != manifest["files"][LEXICON]:
            raise PackError(
                f"{PHRASES} is stale: it was compiled from another {LEXICON}; seal the pack again"
            )
        return Pack(
            version=str(manifest["version"]),
            taxonomy_version=TAXONOMY_VERSION,
            phrases=phrases,
            vocabulary=parse_vocabulary(files[WORDS]),
            gate=parse_gate(files[GATE]),
            thresholds={Theme(name): Thresholds(**limits) for name, limits in manifest["thresholds"].items()},
        )
    except (PhrasesError, VocabularyError, GateError) as error:
        raise PackError(f"{folder.name}: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise PackError(f"{MANIFEST}: unusable field ({type(error).__name__})") from error


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise PackError(f"{MANIFEST} cannot be read") from error
    except ValueError as error:
        raise PackError(f"{MANIFEST} is not JSON") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise PackError(f"{MANIFEST} lists no files")
    return manifest


def _checked_files(folder: Path, manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """The bytes of the files that are used here, read once, so that what was checked is what is used."""
    missing = set(_REQUIRED) - set(manifest["files"])
    if missing:
        raise PackError(f"{MANIFEST} does not list {', '.join(sorted(missing))}")
    files: dict[str, bytes] = {}
    for name, expected in manifest["files"].items():
        if Path(name).name != name:
            raise PackError(f"{MANIFEST} names a file outside the pack")
        try:
            if name in _READ_HERE:
                files[name] = (folder / name).read_bytes()
                found = hashlib.sha256(files[name]).hexdigest()
            else:
                with (folder / name).open("rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise PackError(f"{name} cannot be read") from error
        if found != expected:
            raise PackError(f"{name} is not the file that the manifest describes")
    return files
