"""ActivityWatch's window, afk or input watcher as the bench's peer: run by the peer's own Python, never by ours.

The real watchers are on no package index, so these stand in for them: ActivityWatch's real client, the same
libraries, the same polls (window and input every second, afk every five) and the same heartbeats, nothing more.
"""

import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from aw_client import ActivityWatchClient
from aw_core.models import Event
from pynput import keyboard, mouse
from Xlib import X
from Xlib.display import Display

POLL_S = {"window": 1.0, "afk": 5.0, "input": 1.0}


class Counts:
    """What the listeners of the afk and the input watcher keep."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen = {"presses": 0, "clicks": 0, "moves": 0}
        keyboard.Listener(on_press=lambda _: self.add("presses")).start()
        mouse.Listener(on_click=lambda *_: self.add("clicks"), on_move=lambda *_: self.add("moves")).start()

    def add(self, name: str) -> None:
        with self._lock:
            self._seen[name] += 1

    def take(self) -> dict[str, Any]:
        with self._lock:
            taken, self._seen = self._seen, dict.fromkeys(self._seen, 0)
        return taken


def window(display: Any) -> dict[str, Any]:
    """Class and title of the active window."""
    found = display.screen().root.get_full_property(
        display.intern_atom("_NET_ACTIVE_WINDOW"), X.AnyPropertyType
    )
    if found is None or not found.value or not found.value[0]:
        return {"app": "unknown", "title": "unknown"}
    active = display.create_resource_object("window", found.value[0])
    return {"app": str((active.get_wm_class() or ["unknown"])[-1]), "title": str(active.get_wm_name())}


def main(kind: str, port: int) -> None:
    """Poll and send until killed."""
    client = ActivityWatchClient(f"standin-{kind}", host="127.0.0.1", port=port, testing=True)
    bucket = f"standin-{kind}_bench"
    client.create_bucket(bucket, kind, queued=True)
    display, counts = (Display(), None) if kind == "window" else (None, Counts())
    with client:
        while True:
            if display is not None:
                data = window(display)
            else:
                data = counts.take() if counts is not None else {}
                if kind == "afk":
                    data = {"status": "not-afk" if any(data.values()) else "afk"}
            event = Event(timestamp=datetime.now(UTC), duration=timedelta(0), data=data)
            client.heartbeat(bucket, event, pulsetime=POLL_S[kind] + 1.0, queued=True)
            time.sleep(POLL_S[kind])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
