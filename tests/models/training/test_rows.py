"""Labels stay masked, share-alike stays out of training, samples repeat."""

import gzip
import json
from pathlib import Path

from models.training.rows import THEMES, Row, calibration_sample, public_rows, training_sample, written_rows


def public(folder: Path) -> list[Row]:
    """Two little sources, one of them share-alike."""
    names = {"own": False, "borrowed": True}
    (folder / "sources.json").write_text(
        json.dumps({name: {"share_alike": value} for name, value in names.items()})
    )
    empty = {"self_harm_suicide": None, "distress": None, "profanity": None, "benign": None}
    rows = [
        {"text": "sad", "split": "train", "labels": {**empty, "distress": 1}},
        {"text": "i self harm", "split": "train", "labels": {**empty, "self_harm_suicide": 1}},
        {"text": "no hope", "split": "val", "labels": {**empty, "self_harm_suicide": 1}},
        {
            "text": "lunch",
            "split": "train",
            "labels": {**empty, "self_harm_suicide": 0, "distress": 0, "benign": 1},
        },
        {"text": "...", "split": "train", "labels": empty},
    ]
    for name in names:
        packed = gzip.compress("\n".join(map(json.dumps, rows)).encode())
        (folder / f"{name}.jsonl.gz").write_bytes(packed)
    return list(public_rows(folder))


def test_unknown_stays_unknown(tmp_path: Path) -> None:
    """Null says nothing; suicide and self-harm part by their wording; wordless rows are dropped."""
    own = [row for row in public(tmp_path) if row.source == "own"]
    assert [row.labels for row in own[:3]] == [{"T04": 1}, {"T02": 1}, {"T01": 1}]
    assert len(own) == 4


def test_a_benign_row_speaks_against_every_theme_it_does_not_leave_open(tmp_path: Path) -> None:
    """Profanity was null, so it stays out."""
    benign = next(row for row in public(tmp_path) if row.is_benign)
    assert benign.labels == {theme: 0 for theme in THEMES if theme not in {"T17"} and theme in benign.labels}
    assert "T17" not in benign.labels
    assert benign.labels["T06"] == 0


def test_share_alike_never_trains(tmp_path: Path) -> None:
    """It calibrates only."""
    rows = public(tmp_path)
    assert {row.source for row in training_sample(rows, seed=1, limit=100)} == {"own"}
    calibration = calibration_sample(rows, seed=1, benign=10)
    assert [row.source for row in calibration if row.is_benign] == ["borrowed"]
    assert {row.text for row in calibration if row.source == "own"} == {"no hope"}


def test_samples_repeat_and_keep_to_the_limit() -> None:
    """The same seed draws the same rows."""
    rows = [Row(f"text {at}", {"T04": at % 2}, "s", False, at % 2 == 0) for at in range(500)]
    first = training_sample(rows, seed=3, limit=100)
    assert first == training_sample(rows, seed=3, limit=100)
    assert first != training_sample(rows, seed=4, limit=100)
    assert len(first) <= 100


def test_our_corpus_is_sound() -> None:
    """Every theme with examples and look-alikes, levels in range, no text twice, nothing beyond ASCII letters."""
    folder = Path(__file__).parents[3] / "models" / "corpus"
    rows = list(written_rows(folder))
    assert len(rows) > 900
    assert len({row.text for row in rows}) == len(rows)
    for theme in (f"T{at:02}" for at in range(1, 19) if at != 17):
        assert sum(row.labels == {theme: 1} for row in rows) >= 9
    for path in folder.glob("T*.jsonl"):
        for body in map(json.loads, path.read_text().splitlines()):
            assert body["kind"] == "written"
            assert body["level"] in ({0} if body.get("lookalike") else {1, 2, 3, 4, 5})
