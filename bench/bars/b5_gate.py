"""B5: our whole resident path, raw text to decision, beside an ordinary ONNX text classifier.

The peer is trained on the rows that trained the gate, when the labelled rows are there; then both are scored on the
validation rows too. Without them the peer learns from our written passages, and its quality is not compared.
"""

from collections.abc import Sequence

import numpy as np

from agent.inspection.gate import Gate
from agent.inspection.normaliser import normalise
from agent.inspection.vocabulary import KnownWords
from agent.upkeep.pack import load_pack
from bench.bar import Bar, Condition, Measurement
from bench.peers import ROOT, run_beside
from models.measures import average_precision
from models.robustness import clean_lines
from models.score import SHIPPED
from models.training.fit import Labels, label_matrix
from models.training.rows import THEMES, Row, calibration_sample, public_rows, training_sample, written_rows
from shared.taxonomy import Theme

DATA = ROOT.parent / "shared" / "data" / "train"
ASKED = ("T01", "T04", "T09", "T10", "T11", "T12", "T13", "T17")
"""The themes of which the public rows hold enough examples to compare."""
SEED, LIMIT, LINES = 20261121, 45_000, 400


def measure() -> Measurement:
    """Train the peer in a child of its own, time both there, compare their precision here."""
    train, check = _rows()
    known = KnownWords(load_pack(SHIPPED).phrases.words)
    columns = [THEMES.index(theme) for theme in ASKED]
    check_texts = [normalise(row.text, known).text for row in check]
    labels = label_matrix(check)[:, columns]
    every = clean_lines()
    answer = run_beside(
        "bench.plain_classifier",
        {
            "texts": [normalise(row.text, known).text for row in train],
            "labels": label_matrix(train)[:, columns].tolist(),
            "check_texts": check_texts,
            "check_labels": labels.tolist(),
            "lines": every[:: len(every) // LINES],
        },
        limit_s=1_500,
    )
    tight, spaced = answer["tight_us"], answer["spaced_us"]
    ours = _precisions(check_texts, labels) if check else []
    theirs = answer["peer_average_precision"]
    quality = "mean average precision beside the peer's" + (
        "" if check else " (not measured: no labelled rows)"
    )
    return Measurement(
        value=round(tight["peer"] / tight["ours"], 1),
        n=answer["n"],
        peer={"tight p50 us": round(tight["peer"], 1), "spaced p50 us": round(spaced["peer"], 1)},
        conditions=(
            Condition("times faster at typing cadence", round(spaced["peer"] / spaced["ours"], 2), 6, False),
            Condition(quality, round(sum(ours) / sum(theirs), 4) if check else 0.0, 0.98, False),
        ),
        details={
            "ours_tight_us": round(tight["ours"], 2),
            "ours_spaced_us": round(spaced["ours"], 1),
            "average_precision": {
                theme: [round(one, 4), round(other, 4)]
                for theme, one, other in zip(ASKED, ours, theirs, strict=False)
            },
        },
    )


def _rows() -> tuple[list[Row], list[Row]]:
    written = list(written_rows(ROOT / "models" / "corpus"))
    if not DATA.exists():
        return written, []
    rows = [*written, *public_rows(DATA)]
    return training_sample(rows, seed=SEED, limit=LIMIT), calibration_sample(rows, seed=SEED, benign=0)


def _precisions(texts: Sequence[str], labels: Labels) -> list[float]:
    gate = Gate(load_pack(SHIPPED).gate)
    found = [gate.score(text) for text in texts]
    out = []
    for column, theme in enumerate(ASKED):
        told = np.flatnonzero(labels[:, column] >= 0)
        scores = np.array([found[at][Theme(theme)] for at in told])
        out.append(average_precision(labels[told, column] == 1, scores))
    return out


BAR = Bar(
    id="B5",
    title="times that gate and matcher are faster than a skl2onnx classifier",
    unit="x",
    limit=100,
    measure=measure,
    at_most=False,
)
