"""Keys and focus changes go into one queue, in the order in which they happened; nothing else is done here.

The callback runs in the system's input path on some platforms: it looks at the current Focus and
appends. Keys of a secret Focus never reach the queue.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue

from agent.capture.desktop import Desktop, Watch
from agent.capture.focus import FocusRules, FocusTracker
from agent.capture.permission import NoticeShown
from agent.inspection.buffer import Focus, KeyPress


@dataclass(frozen=True, slots=True)
class Typed:
    """A key and where it went."""

    key: KeyPress
    focus: Focus


@dataclass(frozen=True, slots=True)
class Refocused:
    """The keys go to another window, or the same window became another thing. ``at`` is monotonic seconds."""

    at: float
    focus: Focus


@dataclass(frozen=True, slots=True)
class Stopped:
    """Nothing further will come."""


Sensed = Typed | Refocused | Stopped
SenseQueue = SimpleQueue[Sensed]


class KeyboardCapture:
    """Listens between ``start`` and ``stop``. Cannot be made without the NoticeShown."""

    def __init__(
        self,
        shown: NoticeShown,
        desktop: Desktop,
        sensed: SenseQueue,
        *,
        rules: FocusRules,
        wall: Callable[[], datetime],
    ) -> None:
        if not isinstance(shown, NoticeShown):
            raise TypeError("capture needs the NoticeShown that the accepted notice gave")
        self._desktop = desktop
        self._sensed = sensed
        self._wall = wall
        self._listening: Watch | None = None
        self.focus = FocusTracker(rules, self._refocused)

    @property
    def is_listening(self) -> bool:
        """Whether keys are being read now."""
        return self._listening is not None

    def start(self) -> None:
        """Begin to listen. Until the first window is known, every key counts as secret."""
        self.focus.start(self._desktop)
        self._listening = self._desktop.listen(self._pressed, self._wall)

    def stop(self) -> None:
        """Stop reading keys. Safe to call twice."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.stop()
        self.focus.stop()

    def _pressed(self, key: KeyPress) -> None:
        focus = self.focus.current
        if not focus.is_secret:
            self._sensed.put(Typed(key, focus))

    def _refocused(self, focus: Focus) -> None:
        self._sensed.put(Refocused(time.monotonic(), focus))
