"""Reads the public sources and our written corpus; one Row per text with a label per theme or none.

Masked labels stay masked: a theme that a source says nothing about is never treated as absent.
Share-alike sources only calibrate and validate. Texts stay in memory; nothing is copied to the repo.
"""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from zlib import crc32

MAX_CHARS = 400
THEMES = (
    "T01", "T02", "T03", "T04", "T05", "T06", "T07", "T08", "T09", "T10", "T11", "T12", "T13", "T14", "T15",
    "T16", "T17", "T18",
)  # fmt: skip
_PUBLIC = {
    "eating_disorder": "T03",
    "distress": "T04",
    "abuse_disclosure": "T05",
    "sexual": "T09",
    "bullying_harassment": "T10",
    "hate_discrimination": "T11",
    "violence_threat": "T12",
    "extremism": "T13",
    "substances": "T14",
    "gambling": "T15",
    "profanity": "T17",
}
_SELF_INJURY = re.compile(
    r"self.?harm|\bcut(s|ting)? (my|her|him)|hurt(ing)? myself|\bscars?\b", re.IGNORECASE
)
_WRITTEN_VALIDATION_SHARE = 5
_WORD = re.compile(r"\w")
RowLabels = dict[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One text. ``labels`` holds only what is known, 1 or 0 per theme id."""

    text: str
    labels: RowLabels
    source: str
    is_validation: bool
    is_benign: bool
    is_share_alike: bool = False
    is_written: bool = False


def public_rows(folder: Path) -> Iterator[Row]:
    """Every row of the public sources in ``folder``, in a fixed order."""
    sources = json.loads((folder / "sources.json").read_text())
    for path in sorted(folder.glob("*.jsonl.gz")):
        name = path.name.removesuffix(".jsonl.gz")
        share_alike = bool(sources[name]["share_alike"])
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                body = json.loads(line)
                text = str(body["text"])[:MAX_CHARS]
                if _WORD.search(text) is None:
                    continue
                benign = body["labels"].get("benign") == 1
                yield Row(
                    text=text,
                    labels=_themes_of(text, body["labels"], is_benign=benign),
                    source=name,
                    is_validation=share_alike or body["split"] == "val",
                    is_benign=benign,
                    is_share_alike=share_alike,
                )


def _themes_of(text: str, public: dict[str, int | None], *, is_benign: bool) -> RowLabels:
    labels = dict.fromkeys(THEMES, 0) if is_benign else {}
    for name, theme in _PUBLIC.items():
        value = public.get(name)
        if value is None:
            labels.pop(theme, None)
        else:
            labels[theme] = value
    value = public.get("self_harm_suicide")
    labels.pop("T01", None)
    labels.pop("T02", None)
    if value == 0:
        labels.update(T01=0, T02=0)
    elif value == 1:  # the sources do not part suicide from self-harm; the wording does, where it speaks
        labels["T02" if _SELF_INJURY.search(text) else "T01"] = 1
    return labels


def written_rows(folder: Path) -> Iterator[Row]:
    """Our own passages, look-alikes and harmless lines: a passage speaks for its theme, the others against all."""
    for path in sorted(folder.glob("T*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            body = json.loads(line)
            lookalike = bool(body.get("lookalike"))
            yield Row(
                text=body["text"],
                labels=dict.fromkeys(THEMES, 0) if lookalike else {body["theme"]: 1},
                source=f"written-{body['theme']}",
                is_validation=_for_validation(body["text"]),
                is_benign=lookalike,
                is_written=True,
            )
    for line in (folder / "ordinary_home.txt").read_text(encoding="utf-8").splitlines():
        yield Row(
            text=line,
            labels=dict.fromkeys(THEMES, 0),
            source="written-ordinary",
            is_validation=_for_validation(line),
            is_benign=True,
            is_written=True,
        )


def _for_validation(text: str) -> bool:
    return crc32(text.encode()) % _WRITTEN_VALIDATION_SHARE == 0


def training_sample(rows: Sequence[Row], *, seed: int, limit: int) -> list[Row]:
    """At most ``limit`` training rows: all written ones, then a fair share of every kind."""
    random = Random(seed)  # noqa: S311 - a reproducible sample, not a secret
    kept = [row for row in rows if row.is_written and not row.is_validation]
    kinds: dict[str, list[Row]] = {"benign": [], "profanity": [], "hate": [], "other": [], "negative": []}
    for row in rows:
        if not (row.is_validation or row.is_share_alike or row.is_written):
            kinds[_kind(row)].append(row)
    shares = {"other": 0.3, "hate": 0.15, "profanity": 0.07, "negative": 0.13, "benign": 0.35}
    for kind, share in shares.items():
        random.shuffle(kinds[kind])
        kept.extend(kinds[kind][: int(limit * share)])
    return kept


def _kind(row: Row) -> str:
    positives = {theme for theme, value in row.labels.items() if value == 1}
    if not positives:
        return "benign" if row.is_benign else "negative"
    if positives <= {"T17"}:
        return "profanity"
    return "hate" if positives <= {"T11", "T17"} else "other"


def calibration_sample(rows: Sequence[Row], *, seed: int, benign: int) -> list[Row]:
    """Every validation row of the training sources, the written ones, and some share-alike benign text."""
    random = Random(seed)  # noqa: S311 - a reproducible sample, not a secret
    own = [row for row in rows if row.is_validation and not row.is_share_alike]
    borrowed = [row for row in rows if row.is_share_alike and row.is_benign]
    random.shuffle(borrowed)
    return own + borrowed[:benign]
