"""The pump behind live screens: reads the outbox once per process and hands small deltas to each listener.

Reads by snapshot cursor, so that nothing which commits out of order is lost. Deltas carry a kind, ids
and a time: never text, never a name; the page fetches what it may see through the API.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from server.access.scope import Actor
from server.kit.outbox import CHANNEL, READ_AFTER

POLL_S = 0.1
BATCH = 500
BACKLOG = 1_000
LONGEST_PAUSE_S = 5.0
# The first cursor: everything that is not finished when the listening begins will still be seen.
START = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text"

_log = logging.getLogger(__name__)

Connect = Callable[[], Awaitable[asyncpg.Connection]]


@dataclass(frozen=True, slots=True)
class Announced:
    """One outbox row, as far as the feed needs it."""

    kind: str
    payload: dict[str, Any]
    trust_id: UUID | None
    academy_id: UUID | None
    at: str
    written: dict[tuple[str, ...], str] = field(default_factory=dict, compare=False)
    """The delta as text, by the ids in it: written once, however many listen."""

    def text(self, ids: tuple[str, ...]) -> str:
        """The delta with these ids."""
        found = self.written.get(ids)
        if found is None:
            found = self.written[ids] = json.dumps(self.delta(ids), separators=(",", ":"))
        return found

    def delta(self, ids: tuple[str, ...]) -> dict[str, str]:
        """Kind, time, and those of the ids that the Message has."""
        held = {name: str(self.payload[name]) for name in ids if self.payload.get(name) is not None}
        return {"kind": self.kind, "at": self.at, **held}


@dataclass(slots=True, eq=False)
class Listener:
    """One socket's place: what it may hear and what waits to be sent. ``overflowed`` means too slow."""

    actor: Actor
    waiting: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(BACKLOG))
    overflowed: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, announced: Announced) -> None:
        """Queue the delta if this actor may hear of it."""
        ids = ids_for(self.actor, announced)
        if ids is None:
            return
        try:
            self.waiting.put_nowait(announced.text(ids))
        except asyncio.QueueFull:
            self.overflowed.set()


REVIEWER_HEARS = ("event_id",)
KEEPER_HEARS = ("alert_id", "concern_id", "event_id", "academy_id")
COUNTER_HEARS = ("academy_id",)


def delta_for(actor: Actor, announced: Announced) -> dict[str, str] | None:
    """What this actor hears of one Message, or nothing."""
    ids = ids_for(actor, announced)
    return None if ids is None else announced.delta(ids)


def ids_for(actor: Actor, announced: Announced) -> tuple[str, ...] | None:
    """Which ids this actor hears of one Message; None if nothing at all.

    Messages about an Event under review go to the reviewers of its trust; all others to those who keep
    the academy's records, and, without any id of a person's story, to those who count for it.
    """
    if announced.kind.startswith("Event"):
        return REVIEWER_HEARS if announced.trust_id in actor.review_trusts else None
    if announced.academy_id in actor.record_academies:
        return KEEPER_HEARS
    return COUNTER_HEARS if announced.academy_id in actor.board_academies else None


class LiveFeed:
    """All listeners of this process and the one connection that feeds them, open while anybody listens."""

    def __init__(self, connect: Connect) -> None:
        """``connect`` gives an asyncpg connection as the system role."""
        self._connect = connect
        self._listeners: set[Listener] = set()
        self._pump: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._woken = asyncio.Event()

    async def join(self, actor: Actor) -> Listener:
        """A new place; whatever is committed after this returns will be heard. Give it back with ``leave``."""
        listener = Listener(actor)
        self._listeners.add(listener)
        if self._pump is None or self._pump.done():
            self._ready = asyncio.Event()
            self._pump = asyncio.create_task(self._run(), name="live-feed")
        await self._ready.wait()
        return listener

    def leave(self, listener: Listener) -> None:
        """Give the place back; the last one out stops the pump."""
        self._listeners.discard(listener)
        if not self._listeners and self._pump is not None:
            self._pump.cancel()
            self._pump = None

    async def stop(self) -> None:
        """End the pump with the process."""
        pump, self._pump = self._pump, None
        if pump is not None:
            pump.cancel()
            with suppress(asyncio.CancelledError):
                await pump

    async def _run(self) -> None:
        cursor: tuple[str, int] | None = None
        pause_s = POLL_S
        while True:
            try:
                connection = await self._connect()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.warning("live feed cannot connect: %s", type(error).__name__)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
                continue
            pause_s = POLL_S
            try:
                # Kept across connections: what was announced meanwhile is still sent.
                cursor = cursor or (await connection.fetchval(START), 0)
                await connection.add_listener(CHANNEL, lambda *_: self._woken.set())
                self._ready.set()
                while True:
                    cursor = await self._read(connection, cursor)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.warning("live feed lost its connection: %s", type(error).__name__)
                await asyncio.sleep(pause_s)
            finally:
                connection.terminate()

    async def _read(self, connection: asyncpg.Connection, cursor: tuple[str, int]) -> tuple[str, int]:
        self._woken.clear()
        rows = await connection.fetch(READ_AFTER, cursor[0], cursor[1], BATCH)
        for row in rows:
            announced = Announced(
                row["name"],
                json.loads(row["payload"]),
                row["trust_id"],
                row["academy_id"],
                row["announced_at"].isoformat(),
            )
            for listener in tuple(self._listeners):
                listener.offer(announced)
            cursor = (str(row["xid"]), row["seq"])
        if len(rows) < BATCH:
            # Woken when somebody commits; what an older transaction still hides is found by looking again.
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), POLL_S)
        return cursor
