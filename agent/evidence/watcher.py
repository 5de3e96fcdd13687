"""The worker behind the senses: takes keys from the queue, closes Passages, inspects, hands Events on.

One thread. It sleeps until a key comes, the open Passage's pause ends or context must be forgotten.
Unflagged text ends here; it is never written, logged or counted by anything but number.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from agent.capture.sensed import Refocused, Sensed, SenseQueue, Stopped, Typed
from agent.evidence.assembler import Assembler, Evidence
from agent.evidence.context import ContextRing
from agent.inspection.buffer import Focus, Passage, PassageBuffer
from agent.inspection.policy import Flag
from shared.device_policy import DevicePolicy

RETRY_S = 5.0
"""Between two attempts to hand an Event to a spool that refused it."""


class Inspector(Protocol):
    """What a Pipeline offers."""

    def inspect(self, passage: Passage, context: Sequence[str]) -> Flag | None:
        """The Flag for ``passage``, if a human must see it."""


class Watcher:
    """Joins the senses to inspection and evidence. ``deliver`` must not return before the Event is safe."""

    def __init__(
        self,
        sensed: SenseQueue,
        inspector: Inspector,
        assembler: Assembler,
        *,
        policy: DevicePolicy,
        picture: Callable[[Focus], bytes | None],
        deliver: Callable[[Evidence], None],
        wall: Callable[[], datetime],
    ) -> None:
        self._sensed = sensed
        self._inspector = inspector
        self._assembler = assembler
        self._picture = picture
        self._deliver = deliver
        self._wall = wall
        self._buffer = PassageBuffer()
        self._context = ContextRing(policy)
        self._has_screenshots = policy.screenshots
        self._undelivered: deque[Evidence] = deque()
        self._retry_at = 0.0
        self._thread: threading.Thread | None = None
        self.keys_seen = 0
        self.passages_seen = 0
        self.passages_flagged = 0
        self.screenshots_taken = 0
        self.screenshot_failures = 0
        self.failures = 0

    def start(self) -> None:
        """Begin to work through the queue."""
        self._thread = threading.Thread(target=self.run, name="lantern-watcher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Drop the open Passage and the context, and end."""
        self._sensed.put(Stopped())
        if self._thread is not None:
            self._thread.join(5.0)

    def adopt(self, inspector: Inspector, policy: DevicePolicy) -> None:
        """Inspect with another pipeline and keep to another policy from the next Passage on."""
        self._inspector = inspector
        self._context.adopt(policy)
        self._has_screenshots = policy.screenshots

    def run(self) -> None:
        """Work until Stopped comes."""
        while True:
            try:
                sensed = self._sensed.get(timeout=self._sleep_s())
            except queue.Empty:
                self._context.prune(self._wall())
                self._closed(self._buffer.tick(time.monotonic()))
                if time.monotonic() >= self._retry_at:
                    self._hand_over()
                continue
            if isinstance(sensed, Stopped):
                break
            self._take(sensed)
        self._buffer.forget()
        self._context.forget()

    def _sleep_s(self) -> float | None:
        """Seconds until something must happen without a key; None: nothing must."""
        waits: list[float] = []
        if self._undelivered:
            waits.append(self._retry_at - time.monotonic())
        if self._buffer.closes_at is not None:
            waits.append(self._buffer.closes_at - time.monotonic())
        leaves_at = self._context.oldest_leaves_at
        if leaves_at is not None:
            waits.append((leaves_at - self._wall()).total_seconds() + 1.0)
        return max(0.0, min(waits)) if waits else None

    def _take(self, sensed: Sensed) -> None:
        match sensed:
            case Typed(key, focus):
                self.keys_seen += 1
                self._closed(self._buffer.press(key, focus))
            case Refocused(since, focus) if focus.is_secret:
                self._buffer.forget_since(since)
                self._closed(self._buffer.close())
            case _:
                pass

    def _closed(self, passage: Passage | None) -> None:
        if passage is None:
            return
        self.passages_seen += 1
        self._context.prune(self._wall())
        context = self._context.before(passage.focus)
        self._context.add(passage)
        try:
            flag = self._inspector.inspect(passage, [one.text for one in context])
            if flag is not None:
                self.passages_flagged += 1
                screenshot = self._screenshot(passage.focus)
                self._undelivered.append(self._assembler.assemble(flag, passage, context, screenshot))
        except Exception:  # noqa: BLE001
            # The outermost loop of this thread: one passage that breaks something must not end the
            # watch. It is counted and reported; its text is in neither the count nor a log.
            self.failures += 1
        self._hand_over()

    def _hand_over(self) -> None:
        """Deliver what waits, oldest first; what cannot be delivered now is kept and tried again."""
        while self._undelivered:
            try:
                self._deliver(self._undelivered[0])
            except Exception:  # noqa: BLE001
                # A full disk, for one. The Event stays in memory until the spool takes it.
                self.failures += 1
                self._retry_at = time.monotonic() + RETRY_S
                return
            self._undelivered.popleft()

    def _screenshot(self, focus: Focus) -> bytes | None:
        """A picture if the policy wants one; an Event without a picture is still an Event."""
        if not self._has_screenshots:
            return None
        try:
            picture = self._picture(focus)
        except Exception:  # noqa: BLE001
            self.screenshot_failures += 1
            return None
        self.screenshots_taken += picture is not None
        return picture
