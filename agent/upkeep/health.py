"""Gathers what a heartbeat says: state, counters, reasons. Numbers and short machine words, never text."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from agent.uplink.courier import VitalSigns


class State(StrEnum):
    """What the agent is doing, in the words of the heartbeat."""

    NOTICE_PENDING = "notice_pending"
    WATCHING = "watching"
    PAUSED = "paused"
    BLOCKED = "blocked"


class Health:
    """Holds the state and asks each room for its counters when a heartbeat is due."""

    def __init__(self, *, agent_version: str, pack_version: str) -> None:
        self._agent_version = agent_version
        self._pack_version = pack_version
        self._counters: list[Callable[[], Mapping[str, int]]] = []
        self._reasons: set[str] = set()
        self._watched_for: dict[str, Callable[[], bool]] = {}
        self.state = State.NOTICE_PENDING

    def count(self, counters: Callable[[], Mapping[str, int]]) -> None:
        """Include what ``counters`` returns in every heartbeat."""
        self._counters.append(counters)

    def watch_for(self, reason: str, is_so: Callable[[], bool]) -> None:
        """Give ``reason``, a short machine word, in every heartbeat while it is so."""
        self._watched_for[reason] = is_so

    def block(self, reason: str) -> None:
        """Nothing is read any more, and why: a short machine word."""
        self.state = State.BLOCKED
        self._reasons.add(reason)

    def vital_signs(self) -> VitalSigns:
        """What to say now."""
        counters: dict[str, int] = {}
        for source in self._counters:
            counters.update(source())
        watched = {reason for reason, is_so in self._watched_for.items() if is_so()}
        return VitalSigns(
            state=self.state.value,
            pack_version=self._pack_version,
            agent_version=self._agent_version,
            counters=counters,
            reasons=tuple(sorted(self._reasons | watched)),
        )
