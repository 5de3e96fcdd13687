"""B2: processor time and wake-ups of the agent beside ActivityWatch's, both watching the same idle and typing.

Both run all the while, so every idle and every typing round is the same for both. No heartbeat falls into a
round on purpose; where one does, its few wake-ups are counted.
"""

import statistics
import time

from bench.bar import Bar, Condition, Measurement
from bench.footprint import PROSE, Stage, Used, side_by_side, used

ROUNDS = 4
IDLE_S = 10.0
LETTERS = 80
SPACING_MS = 100


def measure() -> Measurement:
    """The typing ratio is the value; idle ratio and wake-ups are conditions."""
    with side_by_side() as stage:
        rounds = [(_round(stage, typing=False), _round(stage, typing=True)) for _ in range(ROUNDS)]
    idle, typing = ([pair[column] for pair in rounds] for column in (0, 1))
    wakeups = statistics.median(ours.wakeups / seconds for ours, _, seconds in idle)
    return Measurement(
        value=round(_ratio(typing), 4),
        n=ROUNDS,
        peer={"idle_cpu_percent": _percent(idle, 1), "typing_cpu_percent": _percent(typing, 1)},
        conditions=(
            Condition("idle CPU, as a share of ActivityWatch's", round(_ratio(idle), 4), 0.1),
            Condition("wake-ups a second when idle", round(wakeups, 2), 1.0),
        ),
        details={
            "idle_cpu_percent": _percent(idle, 0),
            "typing_cpu_percent": _percent(typing, 0),
            "letters_a_second": round(statistics.median(LETTERS / seconds for _, _, seconds in typing), 1),
            "peer": "aw-server 0.12.0 and client 0.5.15; the watchers are stand-ins (bench/standin_watcher.py)",
        },
    )


def _round(stage: Stage, *, typing: bool) -> tuple[Used, Used, float]:
    """What the agent and the peer used, and for how long."""
    started = time.monotonic()
    before = used([stage.agent]), used(stage.peer)
    if typing:
        # xdotool waits half of its delay after the press and half after the release of each key.
        stage.desktop.type((PROSE * 2)[: LETTERS - 1] + "\n", delay_ms=2 * SPACING_MS)
    else:
        time.sleep(IDLE_S)
    after = used([stage.agent]), used(stage.peer)
    return after[0].since(before[0]), after[1].since(before[1]), time.monotonic() - started


def _ratio(rounds: list[tuple[Used, Used, float]]) -> float:
    return statistics.median(ours.cpu_s / theirs.cpu_s for ours, theirs, _ in rounds)


def _percent(rounds: list[tuple[Used, Used, float]], which: int) -> float:
    shares = [(ours if which == 0 else theirs).cpu_s / seconds * 100 for ours, theirs, seconds in rounds]
    return round(statistics.median(shares), 3)


BAR = Bar(
    id="B2",
    title="CPU of the agent while somebody types, as a share of ActivityWatch's",
    unit="x",
    limit=1 / 3,
    measure=measure,
)
