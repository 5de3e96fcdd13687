"""The ring of recent Passages, in memory only: what was typed before, should a Flag need it.

Bounded by the DevicePolicy's minutes and count. Time is an argument; nothing here is ever written.
"""

from collections import deque
from datetime import datetime, timedelta

from agent.inspection.buffer import Focus, Passage
from shared.device_policy import DevicePolicy
from shared.event import ContextPassage

_MOST_PASSAGES = 60
"""Of all applications together; the policy's count is for one."""


class ContextRing:
    """Recent Passages, oldest first."""

    def __init__(self, policy: DevicePolicy) -> None:
        self._ring: deque[Passage] = deque(maxlen=_MOST_PASSAGES)
        self.adopt(policy)

    def adopt(self, policy: DevicePolicy) -> None:
        """Keep to new limits from now on."""
        self._age = timedelta(minutes=policy.context_minutes)
        self._count = policy.context_passages

    def __len__(self) -> int:
        return len(self._ring)

    def add(self, passage: Passage) -> None:
        """Remember ``passage`` if the policy allows any context at all."""
        if self._age and self._count:
            self._ring.append(passage)

    def before(self, focus: Focus) -> tuple[ContextPassage, ...]:
        """What was typed in the same application, oldest first."""
        same = [passage for passage in self._ring if passage.focus.application == focus.application]
        return tuple(
            ContextPassage(passage.text or passage.deleted_text, passage.ended_at)
            for passage in same[-self._count :]
        )

    def prune(self, now: datetime) -> None:
        """Forget what has become too old by ``now``."""
        while self._ring and now - self._ring[0].ended_at > self._age:
            self._ring.popleft()

    @property
    def oldest_leaves_at(self) -> datetime | None:
        """When the oldest Passage must be forgotten."""
        return self._ring[0].ended_at + self._age if self._ring else None

    def forget(self) -> None:
        """Forget everything now."""
        self._ring.clear()
