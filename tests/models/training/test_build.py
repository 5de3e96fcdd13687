"""A whole rebuild on a tiny fixture: it works, it loads, and it repeats to the byte."""

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from agent.inspection.pipeline import Pipeline
from agent.upkeep.pack import load_pack
from models.train import agent_tools
from models.training.build import Plan, build
from shared.taxonomy import TAXONOMY_VERSION, Theme

HOME = Path(__file__).parents[3] / "models"
NAMES = ["distress", "bullying_harassment", "hate_discrimination", "violence_threat", "profanity"]


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Two made sources, our corpus, an empty pack with the shipped lexicon."""
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    out.mkdir()
    names = {"own": False, "borrowed": True}
    (data / "sources.json").write_text(
        json.dumps({name: {"share_alike": value} for name, value in names.items()})
    )
    rows = []
    for at in range(400):
        topic = NAMES[at % len(NAMES)]
        is_benign = at % 2 == 0
        labels = {name: (0 if is_benign else int(name == topic)) for name in NAMES} | {
            "benign": int(is_benign)
        }
        text = f"number {at} about {'lunch and maths' if is_benign else topic.replace('_', ' ')}"
        rows.append({"text": text, "split": "val" if at % 7 == 6 else "train", "labels": labels})
    for name in names:
        (data / f"{name}.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    shutil.copy(HOME / "shipped" / "lexicon.toml", out)
    return Plan(data, HOME / "corpus", out, "2026.11.9", TAXONOMY_VERSION, limit=300)


def digests(folder: Path) -> dict[str, str]:
    """What the build wrote."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_a_rebuild_loads_scores_and_repeats(plan: Plan) -> None:
    """The same plan twice gives the same files; the pack they make can be used."""
    said: list[str] = []
    build(plan, agent_tools(plan.out), said.append)
    first = digests(plan.out)
    assert set(first) == {
        path.name
        for path in (HOME / "shipped").iterdir()
        if path.suffix in {".bin", ".json", ".onnx", ".toml"}
    }
    assert any("T05" in line for line in said)
    pack = load_pack(plan.out)
    assert pack.version == "2026.11.9"
    draft = Pipeline(pack, None).draft("my stepdad hits me and i am scared of him")
    assert draft.scores[Theme.ABUSE_DISCLOSURE] > draft.scores[Theme.GAMBLING]
    build(plan, agent_tools(plan.out), said.append)
    assert digests(plan.out) == first
