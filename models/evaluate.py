"""``python -m models.evaluate --data FILE.jsonl[.gz] --json OUT``: the shipped pack against labelled rows.
``python -m models.evaluate --robustness [--json OUT]``: disguised phrases, disguise by disguise.

Rows are ``{"text", "labels": {theme: 0/1/null}}``; themes by id (``T05``) or by the public data's names.
Unknown labels are left out of that theme. Results carry their sizes and 95 % intervals.
"""

import argparse
import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from agent.inspection.pipeline import Pipeline
from agent.upkeep.pack import load_pack
from models.disguises import FAMILIES, UNSEEN
from models.measures import average_precision, bootstrap, wilson
from models.robustness import (
    clean_lines,
    falsely_folded,
    microseconds,
    newly_hit,
    planted,
    recall,
    written_lexicon,
)
from models.score import SHIPPED, Decision, Question, Scorer
from shared.taxonomy import Theme

_NAMES: Mapping[str, tuple[Theme, ...]] = {
    "self_harm_suicide": (Theme.SUICIDE, Theme.SELF_HARM),
    "eating_disorder": (Theme.EATING,),
    "distress": (Theme.DISTRESS,),
    "abuse_disclosure": (Theme.ABUSE_DISCLOSURE,),
    "sexual": (Theme.SEXUAL_CONTENT,),
    "bullying_harassment": (Theme.BULLYING,),
    "hate_discrimination": (Theme.HATE,),
    "violence_threat": (Theme.VIOLENCE,),
    "extremism": (Theme.EXTREMISM,),
    "substances": (Theme.SUBSTANCES,),
    "gambling": (Theme.GAMBLING,),
    "profanity": (Theme.OFFENSIVE,),
} | {theme.value: (theme,) for theme in Theme}
_ROUNDS, _SEED, _SAMPLES = 100, 7, 400


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """One text with what is known about it."""

    text: str
    labels: Mapping[str, int | None]

    @property
    def is_benign(self) -> bool:
        """Marked benign; or, in data without that mark, every theme known to be absent."""
        if "benign" in self.labels:
            return self.labels["benign"] == 1
        told = [value for name, value in self.labels.items() if name in _NAMES]
        return bool(told) and all(value == 0 for value in told)


def read_rows(path: Path) -> Iterator[LabelledRow]:
    """The rows of a JSON lines file, packed or not."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in raw.decode().split("\n"):
        if line.strip():
            body = json.loads(line)
            yield LabelledRow(str(body["text"]), dict(body["labels"]))


def evaluate(rows: Sequence[LabelledRow], decisions: Sequence[Decision]) -> dict[str, Any]:
    """Per theme: average precision, recall and precision as shipped; false alarms on benign rows."""
    names = sorted({name for row in rows for name in row.labels if name in _NAMES})
    benign = [
        decision.flag is not None for row, decision in zip(rows, decisions, strict=True) if row.is_benign
    ]
    low, high = wilson(sum(benign), len(benign))
    return {
        "n": len(rows),
        "themes": {
            name: measured for name in names if (measured := _theme(name, rows, decisions)) is not None
        },
        "benign": {
            "n": len(benign),
            "flagged": sum(benign),
            "per_10000": round(10_000 * sum(benign) / max(len(benign), 1), 2),
            "per_10000_95": [round(10_000 * low, 2), round(10_000 * high, 2)],
        },
    }


def _theme(name: str, rows: Sequence[LabelledRow], decisions: Sequence[Decision]) -> dict[str, Any] | None:
    themes = _NAMES[name]
    known = [
        (row.labels[name] == 1, decision)
        for row, decision in zip(rows, decisions, strict=True)
        if row.labels.get(name) is not None
    ]
    truth = np.array([is_positive for is_positive, _ in known], dtype=np.bool_)
    if not truth.any():
        return None
    scores = np.array([max(one.scores.get(theme, 0.0) for theme in themes) for _, one in known])
    named = np.array([not one.themes.isdisjoint(themes) for _, one in known], dtype=np.bool_)
    seen = np.array([one.flag is not None for _, one in known], dtype=np.bool_)
    positives, caught = int(truth.sum()), int((named & truth).sum())
    return {
        "n": len(known),
        "positives": positives,
        "average_precision": round(average_precision(truth, scores), 4),
        "average_precision_95": _rounded(
            bootstrap(truth, scores, average_precision, rounds=_ROUNDS, seed=_SEED)
        ),
        "recall": round(caught / positives, 4),
        "recall_95": _rounded(wilson(caught, positives)),
        "recall_any_theme": round(int((seen & truth).sum()) / positives, 4),
        "precision": round(caught / int(named.sum()), 4) if named.any() else None,
    }


def _rounded(interval: tuple[float, float]) -> list[float]:
    return [round(bound, 4) for bound in interval]


def robustness(*, samples: int = _SAMPLES) -> dict[str, Any]:
    """Recall per disguise of both sets, clean lines newly hit, and what a search costs."""
    pack = load_pack(SHIPPED)
    pipeline = Pipeline(pack, None)
    lines = clean_lines()
    asked = planted(written_lexicon(SHIPPED), pipeline, count=samples, seed=_SEED)
    sets = {
        "disguises": recall(pipeline, asked, FAMILIES, seed=_SEED),
        "unseen": recall(pipeline, asked, UNSEEN, seed=_SEED + 1),
    }
    return {
        "n": len(asked),
        **{name: {one: round(value, 4) for one, value in found.items()} for name, found in sets.items()},
        **{f"{name}_mean": round(fmean(found.values()), 4) for name, found in sets.items()},
        "clean_lines": len(lines),
        "clean_lines_newly_hit": newly_hit(pipeline, pack.phrases, lines),
        "clean_lines_falsely_folded": falsely_folded(pipeline, lines),
        "microseconds": {
            name: round(value, 2) for name, value in microseconds(pipeline, lines, rounds=3).items()
        },
    }


def _table(result: Mapping[str, Any]) -> Iterator[str]:
    for name in ("disguises", "unseen"):
        yield f"{name}: mean recall {result[f'{name}_mean']:.3f} over {len(result[name])} x {result['n']} phrases"
        yield from (f"  {value:6.1%}  {one}" for one, value in result[name].items())
    yield (
        f"clean lines: {result['clean_lines']}, newly hit {result['clean_lines_newly_hit']}, "
        f"falsely folded {result['clean_lines_falsely_folded']}; microseconds {result['microseconds']}"
    )


def main() -> None:
    """Read, decide, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--robustness", action="store_true", help="disguised phrases instead of labelled rows"
    )
    arguments = parser.parse_args()
    if arguments.robustness:
        found = robustness()
        print("\n".join(_table(found)))
        if arguments.json is not None:
            arguments.json.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
        return
    if arguments.data is None or arguments.json is None:
        parser.error("--data and --json are both needed, or --robustness")
    rows = list(read_rows(arguments.data))
    decisions = list(Scorer().decide(Question(row.text) for row in rows))
    result = evaluate(rows, decisions)
    arguments.json.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
    print(f"{result['n']} rows, {result['benign']['per_10000']} false alarms per 10,000 benign")


if __name__ == "__main__":
    main()
