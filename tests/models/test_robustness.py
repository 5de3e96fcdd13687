"""The recall table's promise, on a small sample: disguised phrases are found, clean lines are left alone."""

from pathlib import Path
from random import Random
from statistics import fmean

import pytest

from agent.inspection.pipeline import Pipeline
from agent.upkeep.pack import load_pack
from models.disguises import FAMILIES, UNSEEN
from models.robustness import (
    clean_lines,
    falsely_folded,
    microseconds,
    newly_hit,
    planted,
    recall,
    written_lexicon,
)

SHIPPED = Path(__file__).parents[2] / "models" / "shipped"
PACK = load_pack(SHIPPED)
PIPELINE = Pipeline(PACK, None)


def test_twenty_disguises_and_twenty_unseen_ones_keep_their_recall() -> None:
    """Mean over the families it was made for, and a floor for those it was not."""
    samples = planted(written_lexicon(SHIPPED), PIPELINE, count=80, seed=3)
    assert len(FAMILIES) == len(UNSEEN) == 20
    assert fmean(recall(PIPELINE, samples, FAMILIES, seed=4).values()) >= 0.97
    assert fmean(recall(PIPELINE, samples, UNSEEN, seed=5).values()) >= 0.8


def test_clean_lines_are_neither_hit_nor_bent() -> None:
    """At most one line in a thousand says something only after an unmasking."""
    lines = clean_lines()
    assert len(lines) > 3000
    assert newly_hit(PIPELINE, PACK.phrases, lines) <= len(lines) // 1000
    assert falsely_folded(PIPELINE, lines) <= len(lines) // 1000


@pytest.mark.parametrize("name", [*FAMILIES, *UNSEEN])
def test_a_disguise_is_the_same_every_time_and_changes_something(name: str) -> None:
    """So that a figure can be repeated."""
    disguise = {**FAMILIES, **UNSEEN}[name]
    text = "please remember yesterday"
    assert disguise(text, Random(1)) == disguise(text, Random(1)) != text


def test_times_are_in_order() -> None:
    """A median below its slowest hundredth."""
    spent = microseconds(PIPELINE, ["what is for lunch", "see you at football"], rounds=5)
    assert 0 < spent["p50"] <= spent["p99"]
