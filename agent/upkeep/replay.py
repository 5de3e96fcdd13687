"""Pushes the lines of a file through the real boundary: the same queue, buffer, pipeline and spool.

For measuring what an ordinary hour costs and flags. Reads no keyboard and sends nothing.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from agent.capture.sensed import SenseQueue, Stopped, Typed
from agent.evidence.watcher import Watcher
from agent.inspection.buffer import Focus, KeyPress
from agent.upkeep.process import cpu_s, resident_mib

REPLAY_FOCUS = Focus("replay", "replay", "", False, 1)


def replay(
    lines: Iterable[str],
    sensed: SenseQueue,
    watcher: Watcher,
    *,
    wall: Callable[[], datetime],
    counters: Callable[[], Mapping[str, int]],
) -> dict[str, float | int]:
    """Type every line and Enter as fast as it is taken; what that cost and what it led to."""
    started_s, started_cpu_s = time.monotonic(), cpu_s()
    keys = 0
    for line in lines:
        for key in _keys_of(line.rstrip("\n"), wall()):
            sensed.put(Typed(key, REPLAY_FOCUS))
            keys += 1
    sensed.put(Stopped())
    watcher.run()
    return {
        "keys": keys,
        **counters(),
        "wall_s": round(time.monotonic() - started_s, 3),
        "cpu_s": round(cpu_s() - started_cpu_s, 3),
        "resident_mib": round(resident_mib(), 1),
    }


def _keys_of(line: str, wall: datetime) -> Iterable[KeyPress]:
    at = time.monotonic()
    for char in line:
        yield KeyPress(at, wall, "char", char)
    yield KeyPress(at, wall, "enter")
