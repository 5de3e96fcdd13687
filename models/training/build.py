"""The whole rebuild in order: read, fit the classifier, fit the gate, thresholds, files.

What belongs to the agent (folding, features, the gate's format) is handed in by ``models.train``,
because this room and the agent never import each other.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path

import numpy as np
from scipy.sparse import diags

from models.measures import average_precision
from models.training.export import onnx_bytes, quantised
from models.training.fit import Floats, Fold, fit, label_matrix, weights_of
from models.training.matrices import WORD_SHARE, counted_matrix, hashed_matrix, rarity
from models.training.rows import THEMES, Row, calibration_sample, public_rows, training_sample, written_rows
from models.training.thresholds import Scores, fit_thresholds

_THIN = 100
_ORDINARY_COUNT = 3
_RARITY, _GATE_STRENGTH = 1.5, 6.0


@dataclass(frozen=True, slots=True)
class GateColumns:
    """What the agent's gate format needs, as plain values."""

    cells: bytes
    """Signed bytes, row by row."""
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
    gate_numbers: Callable[[str], list[int]]
    gate_buckets: int
    gate_bytes: Callable[[GateColumns], bytes]
    word_bytes: Callable[[Iterable[str]], bytes]
    phrase_bytes: Callable[[bytes], bytes]
    """The lexicon as written → as devices load it."""


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
    budget: float = 4.0
    """False alarms per 10,000 benign passages that the scores may raise; the terms raise some more."""


def build(plan: Plan, tools: AgentTools, say: Callable[[str], None]) -> None:
    """Write the classifier, the gate, the compiled phrases, the words and the manifest into ``plan.out``."""
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
    lexicon = (plan.out / "lexicon.toml").read_bytes()
    files = {
        "classifier.onnx": classifier,
        "gate.bin": gate,
        "lexicon.toml": lexicon,
        "phrases.bin": tools.phrase_bytes(lexicon),
        "words.bin": tools.word_bytes(_ordinary_words(train_texts)),
    }
    _write(plan, files, thresholds, _scores(check, gated, both))


def _ordinary_words(texts: Sequence[str]) -> list[str]:
    """Words that are not somebody's slip or disguise, because they come up again and again."""
    counts = Counter(word for text in texts for word in text.split() if word.isalpha())
    return sorted(word for word, count in counts.items() if count >= _ORDINARY_COUNT)


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
    say("gate: hashing")
    inside = counted_matrix(train_texts, tools.gate_numbers, width=tools.gate_buckets)
    outside = counted_matrix(check_texts, tools.gate_numbers, width=tools.gate_buckets)
    worth = rarity(inside, _RARITY)
    say(f"gate: {inside.nnz} features set; fitting")
    model = fit(
        Fold((inside @ diags(worth)).tocsr(), label_matrix(train), weights_of(train)),
        Fold((outside @ diags(worth)).tocsr(), label_matrix(check), weights_of(check)),
        strength=_GATE_STRENGTH,
        say=say,
    )
    model = replace(model, weights=model.weights * worth[:, None])
    cells, scale = quantised(model.weights)
    columns = GateColumns(
        cells=cells.tobytes(),
        scale=[float(value) / sqrt(WORD_SHARE) for value in scale],
        bias=[float(value) for value in model.bias],
        slope=[float(value) for value in model.slope],
        shift=[float(value) for value in model.shift],
    )
    return tools.gate_bytes(columns), model.probabilities(outside)


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
    manifest = {
        "version": plan.version,
        "taxonomy_version": plan.taxonomy_version,
        "files": {name: hashlib.sha256(raw).hexdigest() for name, raw in sorted(files.items())},
        "thresholds": thresholds,
        "scores": scores,
    }
    (plan.out / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
