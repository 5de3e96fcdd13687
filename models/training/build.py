"""The whole rebuild in order: read, fit the classifier, fit and prune the gate, thresholds, files.

What belongs to the agent (folding, features, the gate's format) is handed in by ``models.train``,
because this room and the agent never import each other.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.measures import average_precision
from models.training.export import onnx_bytes, quantised
from models.training.fit import Floats, Fold, Linear, fit, label_matrix, weights_of
from models.training.matrices import hashed_matrix, keyed_matrix, vocabulary_of
from models.training.rows import THEMES, Row, calibration_sample, public_rows, training_sample, written_rows
from models.training.thresholds import Scores, fit_thresholds

_CANDIDATE_KEYS = 90_000
_THIN = 100


@dataclass(frozen=True, slots=True)
class GateColumns:
    """What the agent's gate format needs, as plain values."""

    keys: list[str]
    cells: list[int]
    scale: list[float]
    bias: list[float]
    slope: list[float]
    shift: list[float]


@dataclass(frozen=True, slots=True)
class AgentTools:
    """The agent's own functions: what is trained is then exactly what runs."""

    fold: Callable[[str], str]
    numbers: Callable[[str], list[int]]
    buckets: int
    keys: Callable[[str], list[str]]
    gate_bytes: Callable[[GateColumns], bytes]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a rebuild can be told. The same plan gives the same files."""

    data: Path
    corpus: Path
    out: Path
    version: str
    taxonomy_version: int
    seed: int = 20261121
    limit: int = 45_000
    calibration_benign: int = 40_000
    gate_keys: int = 24_000
    budget: float = 4.0
    """False alarms per 10,000 benign passages that the scores may raise; the terms raise some more."""


def build(plan: Plan, tools: AgentTools, say: Callable[[str], None]) -> None:
    """Write classifier.onnx, gate.bin and manifest.json into ``plan.out``."""
    rows = [*written_rows(plan.corpus), *public_rows(plan.data)]
    say(f"{len(rows)} rows read")
    train = training_sample(rows, seed=plan.seed, limit=plan.limit)
    check = calibration_sample(rows, seed=plan.seed, benign=plan.calibration_benign)
    del rows
    say(f"{len(train)} rows to train on, {len(check)} to calibrate on; folding")
    train_texts = [tools.fold(row.text) for row in train]
    check_texts = [tools.fold(row.text) for row in check]
    classifier, classified = _classifier(train, check, train_texts, check_texts, plan, tools, say)
    gate, gated = _gate(train, check, train_texts, check_texts, plan, tools, say)
    benign = np.array([row.is_benign and not row.is_written for row in check])
    ours = np.array([row.is_benign and row.is_written for row in check])
    both = 1.0 / (1.0 + np.exp(-(_logits(gated) + _logits(classified)) / 2))
    thresholds = fit_thresholds(
        Scores(gated[benign], both[benign], gated[ours], both[ours]), budget=plan.budget, thin=_thin(train)
    )
    say(f"thresholds fitted on {int(benign.sum())} benign rows")
    _write(plan, {"classifier.onnx": classifier, "gate.bin": gate}, thresholds, _scores(check, gated, both))


def _thin(train: Sequence[Row]) -> set[str]:
    """Themes that the public data has fewer than a hundred examples of."""
    counts = Counter(
        theme for row in train if not row.is_written for theme, value in row.labels.items() if value == 1
    )
    return {theme for theme in THEMES if counts[theme] < _THIN}


def _logits(probabilities: Floats) -> Floats:
    held = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(held / (1 - held)))


def _classifier(
    train: Sequence[Row],
    check: Sequence[Row],
    train_texts: Sequence[str],
    check_texts: Sequence[str],
    plan: Plan,
    tools: AgentTools,
    say: Callable[[str], None],
) -> tuple[bytes, Floats]:
    say("classifier: hashing")
    inside = hashed_matrix(train_texts, tools.numbers, width=tools.buckets)
    outside = hashed_matrix(check_texts, tools.numbers, width=tools.buckets)
    say(f"classifier: {inside.nnz} features set; fitting")
    model = fit(
        Fold(inside, label_matrix(train), weights_of(train)),
        Fold(outside, label_matrix(check), weights_of(check)),
        strength=4.0,
        say=say,
    )
    return onnx_bytes(model), model.probabilities(outside)


def _gate(
    train: Sequence[Row],
    check: Sequence[Row],
    train_texts: Sequence[str],
    check_texts: Sequence[str],
    plan: Plan,
    tools: AgentTools,
    say: Callable[[str], None],
) -> tuple[bytes, Floats]:
    written = [at for at, row in enumerate(train) if row.is_written]
    vocabulary = vocabulary_of(train_texts, tools.keys, least=written, most=_CANDIDATE_KEYS)
    say(f"gate: {len(vocabulary)} candidate words and pairs; first fit")
    labels, weights = label_matrix(train), weights_of(train)
    check_labels, check_weights = label_matrix(check), weights_of(check)

    def fitted(known: dict[str, int]) -> tuple[Linear, Floats]:
        inside = keyed_matrix(train_texts, tools.keys, known)
        outside = keyed_matrix(check_texts, tools.keys, known)
        model = fit(
            Fold(inside, labels, weights), Fold(outside, check_labels, check_weights), strength=4.0, say=say
        )
        return model, model.probabilities(outside)

    first, _ = fitted(vocabulary)
    strongest = np.argsort(-np.abs(first.weights).max(axis=1), kind="stable")[: plan.gate_keys]
    names = sorted(vocabulary)
    kept = sorted(names[at] for at in strongest)
    say(f"gate: pruned to {len(kept)}; second fit")
    model, probabilities = fitted({key: at for at, key in enumerate(kept)})
    cells, scale = quantised(model.weights)
    columns = GateColumns(
        keys=kept,
        cells=[int(value) for value in cells.ravel()],
        scale=[float(value) for value in scale],
        bias=[float(value) for value in model.bias],
        slope=[float(value) for value in model.slope],
        shift=[float(value) for value in model.shift],
    )
    return tools.gate_bytes(columns), probabilities


def _scores(check: Sequence[Row], gated: Floats, both: Floats) -> dict[str, dict[str, float | int]]:
    """Average precision per theme on the calibration rows, for the manifest."""
    labels = label_matrix(check)
    out: dict[str, dict[str, float | int]] = {}
    for column, theme in enumerate(THEMES):
        known = labels[:, column] >= 0
        truth = labels[known, column] == 1
        out[theme] = {
            "positives": int(truth.sum()),
            "negatives": int((~truth).sum()),
            "gate_ap": round(average_precision(truth, gated[known, column]), 4),
            "both_ap": round(average_precision(truth, both[known, column]), 4),
        }
    return out


def _write(
    plan: Plan,
    files: dict[str, bytes],
    thresholds: dict[str, dict[str, float]],
    scores: dict[str, dict[str, float | int]],
) -> None:
    for name, raw in files.items():
        (plan.out / name).write_bytes(raw)
    contents = {**files, "lexicon.toml": (plan.out / "lexicon.toml").read_bytes()}
    manifest = {
        "version": plan.version,
        "taxonomy_version": plan.taxonomy_version,
        "files": {name: hashlib.sha256(raw).hexdigest() for name, raw in sorted(contents.items())},
        "thresholds": thresholds,
        "scores": scores,
    }
    (plan.out / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
