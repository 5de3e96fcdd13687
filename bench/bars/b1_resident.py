"""B1: resident memory of the connected agent beside ActivityWatch's server and watchers, in the same session.

First without the second look's child, then while it is alive because a doubtful passage woke it.
"""

import statistics
import time
from pathlib import Path

from agent.inspection.pipeline import Pipeline
from agent.settings import DEFAULT_PACK
from agent.upkeep.pack import load_pack
from bench.bar import Bar, Condition, Measurement
from bench.footprint import PROSE, Stage, children_of, resident_mb, side_by_side

ROUNDS = 5
DOUBTFUL = (
    "nobody would care if i wasnt here",
    "he keeps asking me to send a pic",
    "i hate my life so much",
    "meet me after school and dont tell anyone",
    "i cant do this any more",
)


def measure() -> Measurement:
    """Medians of rounds a few seconds apart, each after some typing."""
    doubtful = _doubtful()
    with side_by_side() as stage:
        pairs = []
        for _ in range(ROUNDS):
            stage.desktop.type(PROSE + "\n", delay_ms=20)
            time.sleep(3.0)
            pairs.append((resident_mb([stage.agent]), resident_mb(stage.peer)))
        awake_mb, peer_mb = _with_child(stage, doubtful)
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    return Measurement(
        value=round(statistics.median(one / other for one, other in pairs), 4),
        n=len(pairs),
        peer={"activitywatch_mb": round(theirs, 1)},
        conditions=(Condition("with the transformer's child alive", round(awake_mb / peer_mb, 4), 0.8),),
        details={
            "agent_mb": round(ours, 1),
            "agent_and_child_mb": round(awake_mb, 1),
            "peer": "aw-server 0.12.0 and client 0.5.15; the watchers are stand-ins (bench/standin_watcher.py)",
        },
    )


def _doubtful() -> str:
    """A passage that the shipped gate wants a second look at."""
    pipeline = Pipeline(load_pack(Path(DEFAULT_PACK)), None)
    return next(text for text in DOUBTFUL if pipeline.draft(text).is_unsure)


def _with_child(stage: Stage, doubtful: str) -> tuple[float, float]:
    stage.desktop.type(doubtful + "\n", delay_ms=20)
    deadline = time.monotonic() + 20
    while not (children := children_of(stage.agent)):
        if time.monotonic() > deadline:
            raise TimeoutError("the second look was not asked")
        time.sleep(0.1)
    time.sleep(3.0)
    return resident_mb([stage.agent, *children]), resident_mb(stage.peer)


BAR = Bar(
    id="B1",
    title="resident memory of the agent, as a share of ActivityWatch's",
    unit="x",
    limit=0.25,
    measure=measure,
)
