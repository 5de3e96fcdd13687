"""What one flag costs the agent's worker, and what a key press feels meanwhile: run on a display, prints JSON.

The agent's own rooms: the shipped pack, the real picture of the active window, the real sealed spool.
"""

import json
import os
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from agent.capture.desktop import ActiveWindow, open_desktop
from agent.capture.focus import FocusRules
from agent.capture.keyboard import KeyboardCapture
from agent.capture.permission import NoticeShown
from agent.capture.screen import grab_window
from agent.capture.sensed import SenseQueue
from agent.evidence.assembler import Assembler, Evidence
from agent.evidence.watcher import Watcher
from agent.inspection.buffer import Focus, KeyPress
from agent.inspection.pipeline import Pipeline
from agent.settings import DEFAULT_PACK
from agent.spool.store import Spool
from agent.upkeep.pack import load_pack
from shared.device_policy import DevicePolicy

PASSAGE = "i dont feel safe at home, my stepdad hits me when hes drunk"
FLAGS = 30
KEYS = 3_000


class TimedCapture(KeyboardCapture):
    """Notes how long each key stays in the callback."""

    def __init__(self, *args: object, **rest: object) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]
        self.took_s: list[float] = []

    def _pressed(self, key: KeyPress) -> None:
        started = time.perf_counter()
        super()._pressed(key)
        self.took_s.append(time.perf_counter() - started)


def main() -> None:
    """Flag again and again in the worker while keys come in at the other end."""
    desktop, seen = open_desktop(), list[ActiveWindow]()
    following = desktop.watch_focus(seen.append)
    window = seen[-1]
    focus = Focus(window.application, window.title, "", False, window.window_id)
    with tempfile.TemporaryDirectory(prefix="lantern-b7-") as folder:
        server_key = X25519PrivateKey.generate().public_key().public_bytes_raw()
        spool = Spool(Path(folder), server_key, unix_s=time.time)
        began: list[float] = []
        costs: list[float] = []
        pictures: list[int] = []

        def picture(of: Focus) -> bytes | None:
            began.append(time.thread_time())
            return grab_window(desktop, focus)

        def deliver(evidence: Evidence) -> None:
            spool.put(evidence)
            costs.append(time.thread_time() - began[-1])
            pictures.append(len(evidence.screenshot or b""))

        sensed = SenseQueue()
        pipeline = Pipeline(load_pack(Path(DEFAULT_PACK)), None)
        watcher = Watcher(
            sensed,
            pipeline,
            Assembler("bench", b"k" * 32, "1", os.urandom),
            policy=DevicePolicy(),
            picture=picture,
            deliver=deliver,
            wall=lambda: datetime.now(UTC),
        )
        now = datetime.now(UTC)
        capture = TimedCapture(
            NoticeShown(1, now, "bench"),
            desktop,
            sensed,
            rules=FocusRules(()),
            wall=lambda: datetime.now(UTC),
        )
        capture.start()
        watcher.start()
        keys = threading.Thread(target=_press, args=(capture, costs))
        keys.start()
        keys.join()
        watcher.stop()
        capture.stop()
        following.stop()
        spool.close()
    took_ms = sorted(one * 1000 for one in capture.took_s)
    answer = {
        "flags": len(costs),
        "cpu_ms": statistics.median(costs) * 1000,
        "cpu_ms_max": max(costs) * 1000,
        "picture_bytes": min(pictures),
        "keys": len(took_ms),
        "callback_p99_ms": took_ms[int(len(took_ms) * 0.99)],
        "callback_p50_ms": statistics.median(took_ms),
    }
    print(json.dumps(answer))


def _press(capture: TimedCapture, costs: list[float]) -> None:
    """Type the passage with Enter until there were enough flags and keys; fast, so that both always overlap."""
    until = time.monotonic() + 60
    while (len(costs) < FLAGS or len(capture.took_s) < KEYS) and time.monotonic() < until:
        for sign in PASSAGE + "\n":
            kind = "enter" if sign == "\n" else "char"
            text = "" if kind == "enter" else sign
            capture._pressed(KeyPress(time.monotonic(), datetime.now(UTC), kind, text))  # type: ignore[arg-type]
            time.sleep(0.002)
    time.sleep(1.0)


if __name__ == "__main__":
    main()
