"""The evaluation's arithmetic on rows whose answers are known."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from models.evaluate import LabelledRow, evaluate, read_rows
from models.score import Question, Scorer

ROWS = [
    {"text": "my dad hits me", "labels": {"T05": 1, "T15": 0}},
    {"text": "my stepdad beats me", "labels": {"T05": 1, "T15": None}},
    {"text": "the moon is far away", "labels": {"T05": 1, "T15": 0}},
    {"text": "what is for lunch", "labels": {"T05": 0, "T15": 0}},
    {"text": "i lost all my money betting", "labels": {"T05": 0, "T15": 1}},
]


def test_recall_precision_and_false_alarms_by_hand() -> None:
    """Two of three disclosures named, nothing named wrongly, one benign row left quiet."""
    rows = [LabelledRow(str(row["text"]), dict(row["labels"])) for row in ROWS]  # type: ignore[call-overload]
    result = evaluate(rows, list(Scorer().decide(Question(row.text) for row in rows)))
    assert result["n"] == 5
    abuse = result["themes"]["T05"]
    assert (abuse["n"], abuse["positives"], abuse["recall"], abuse["precision"]) == (5, 3, 0.6667, 1.0)
    assert abuse["recall_95"][0] < 0.6667 < abuse["recall_95"][1]
    assert result["themes"]["T15"]["n"] == 4
    assert result["benign"]["n"] == 1
    assert result["benign"]["per_10000"] == 0.0


@pytest.mark.parametrize(
    ("labels", "benign"),
    [
        ({"T05": 0, "T15": 0}, True),
        ({"T05": 0, "T15": None}, False),
        ({"T05": 1}, False),
        ({}, False),
        ({"benign": 1, "distress": None}, True),
        ({"benign": None, "distress": 0}, False),
        ({"benign": 0, "distress": 0}, False),
    ],
)
def test_benign_means_known_to_be_benign(labels: dict[str, int | None], benign: bool) -> None:
    """Unknown is never taken for absent."""
    assert LabelledRow("x", labels).is_benign is benign


def test_public_names_and_packed_files_are_read(tmp_path: Path) -> None:
    """The command takes the public data's names and gzip."""
    data, out = tmp_path / "rows.jsonl.gz", tmp_path / "out.json"
    rows = [
        {"text": "i want to kill myself", "labels": {"self_harm_suicide": 1, "profanity": 0}},
        {"text": "fuck", "labels": {"self_harm_suicide": 0, "profanity": 1}},
    ]
    data.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    assert [row.text for row in read_rows(data)] == ["i want to kill myself", "fuck"]
    command = [sys.executable, "-m", "models.evaluate", "--data", str(data), "--json", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    result = json.loads(out.read_text())
    assert result["themes"]["self_harm_suicide"]["recall"] == 1.0
    assert result["themes"]["profanity"]["recall"] == 0.0  # seen, but never a flag of its own
    assert result["themes"]["profanity"]["average_precision"] == 1.0
