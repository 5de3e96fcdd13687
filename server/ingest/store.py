"""One group of events or heartbeats, one transaction; a poisonous one is found by halving and set aside."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from server.ingest.domain import Beat, DeadLetter, OpenedItem, Refusal
from server.ingest.repository import (
    Link,
    find_owners,
    find_standing,
    find_students,
    insert_dead_letters,
    insert_events,
    note_heartbeats,
)
from server.kit.clock import Clock
from shared.wire import Result

# What a single bad value can cause. Anything else (connection, disk, timeout) is everybody's, and is retried.
POISON = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, asyncpg.ProgramLimitExceededError)


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of one item or heartbeat. ``result`` None: the device may not speak any more."""

    result: Result | None
    code: str = ""


REFUSED_DEVICE = Stored(None)
Thing = OpenedItem | DeadLetter | Beat


class Store:
    """Writes groups. Its ``commit`` is what GroupCommit calls."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", clock: Clock) -> None:
        self._pool, self._clock = pool, clock

    async def commit(self, things: list[Thing]) -> list[Stored]:
        """Everything durable, then an answer for each thing in its place."""
        try:
            async with self._pool.acquire() as link, link.transaction():
                return await self._write(link, things)
        except POISON:
            if len(things) > 1:
                half = len(things) // 2
                return await self.commit(things[:half]) + await self.commit(things[half:])
            return [await self._set_aside(things[0])]

    async def _write(self, link: Link, things: Sequence[Thing]) -> list[Stored]:
        answers: dict[int, Stored] = {}
        items = [(place, thing) for place, thing in enumerate(things) if isinstance(thing, OpenedItem)]
        letters = [thing for thing in things if isinstance(thing, DeadLetter)]
        beats = [(place, thing) for place, thing in enumerate(things) if isinstance(thing, Beat)]
        if items:
            answers.update(await self._write_events(link, items))
        await insert_dead_letters(link, letters)
        if beats:
            heard = await note_heartbeats(link, [beat for _, beat in beats], self._clock.now())
            for place, beat in beats:
                answers[place] = Stored(Result.ACCEPTED) if beat.sender.device_id in heard else REFUSED_DEVICE
        return [answers.get(place, Stored(Result.REJECTED)) for place in range(len(things))]

    async def _write_events(self, link: Link, items: list[tuple[int, OpenedItem]]) -> dict[int, Stored]:
        standing = await find_standing(link, (item.sender.device_id for _, item in items))
        answers = {place: REFUSED_DEVICE for place, item in items if item.sender.device_id not in standing}
        heard = sorted(
            ((place, item) for place, item in items if place not in answers), key=lambda one: one[1].header.id
        )
        if not heard:
            return answers
        opened = [item for _, item in heard]
        students = await find_students(link, opened)
        fresh = await insert_events(link, opened, students, self._clock.now())
        repeated = [item.header.id for item in opened if item.key_id not in fresh]
        owners = await find_owners(link, repeated) if repeated else {}
        letters = []
        for place, item in heard:
            if item.key_id in fresh:
                answers[place] = Stored(Result.ACCEPTED)
            elif owners.get(item.header.id) == item.sender.device_id:
                answers[place] = Stored(Result.DUPLICATE)
            else:
                answers[place] = Stored(Result.REJECTED, Refusal.ID_TAKEN.value)
                letters.append(DeadLetter(item.sender.device_id, item.header.id, Refusal.ID_TAKEN))
        await insert_dead_letters(link, letters)
        return answers

    async def _set_aside(self, thing: Thing) -> Stored:
        if isinstance(thing, OpenedItem):
            letter = DeadLetter(thing.sender.device_id, thing.header.id, Refusal.UNSTORABLE)
            async with self._pool.acquire() as link, link.transaction():
                await insert_dead_letters(link, [letter])
        return Stored(Result.REJECTED, Refusal.UNSTORABLE.value)
