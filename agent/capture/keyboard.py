"""Keys and focus changes go into one queue, in the order in which they happened; nothing else is done here.

The callback runs in the system's input path on some platforms: it never waits. Keys of a secret Focus never
reach the queue.
"""

import time
from collections.abc import Callable
from datetime import datetime

from agent.capture.desktop import Desktop, Watch
from agent.capture.fields import FieldGuard
from agent.capture.focus import FocusRules, FocusTracker
from agent.capture.permission import NoticeShown
from agent.capture.sensed import SenseQueue
from agent.capture.terminal import TerminalLines
from agent.inspection.buffer import Focus, KeyPress


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
        self._wall = wall
        self._listening: Watch | None = None
        self._watching_fields: Watch | None = None
        self._terminals = TerminalLines()
        self.fields = FieldGuard(sensed.put)
        self.focus = FocusTracker(rules, self._refocused)

    @property
    def is_listening(self) -> bool:
        """Whether keys are being read now."""
        return self._listening is not None

    def start(self) -> None:
        """Begin to listen. Until the first window is known, every key counts as secret."""
        fields = self._desktop.watch_fields(self.fields.heard)
        self._watching_fields = fields
        self.fields.watch_with(fields)
        self.focus.start(self._desktop)
        self._listening = self._desktop.listen(self._pressed, self._wall)

    def stop(self) -> None:
        """Stop reading keys. Safe to call twice."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.stop()
        self.focus.stop()
        watching, self._watching_fields = self._watching_fields, None
        if watching is not None:
            watching.stop()
        self.fields.forget()

    def _pressed(self, key: KeyPress) -> None:
        focus = self.focus.current
        if focus.is_secret or not self._terminals.hides(key, focus):
            self.fields.press(key)

    def _refocused(self, focus: Focus) -> None:
        self.fields.refocused(time.monotonic(), focus, self.focus.process_id)
