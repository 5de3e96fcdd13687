"""Grouping, answering after the commit only, and never leaving anybody waiting."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from server.ingest.domain import UnavailableError
from server.ingest.group_commit import GroupCommit


class Disk:
    """A commit that can be held, and that remembers its groups."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.error: Exception | None = None

    async def commit(self, things: list[int]) -> list[str]:
        self.groups.append(list(things))
        await self.open.wait()
        if self.error is not None:
            raise self.error
        return [f"kept {thing}" for thing in things]


def play(scene: Callable[[Disk, GroupCommit[int, str]], Awaitable[Any]], **limits: int) -> Any:
    async def run() -> Any:
        disk = Disk()
        writer = GroupCommit(disk.commit, **limits)
        writer.start()
        try:
            return await asyncio.wait_for(scene(disk, writer), 10)
        finally:
            await writer.stop()

    return asyncio.run(run())


def test_everybody_gets_their_own_answers() -> None:
    async def scene(_disk: Disk, writer: GroupCommit[int, str]) -> Any:
        return await asyncio.gather(writer.put([1, 2]), writer.put([3]), writer.put([]), writer.put([4]))

    assert play(scene) == [["kept 1", "kept 2"], ["kept 3"], [], ["kept 4"]]


def test_what_comes_during_a_commit_is_the_next_group() -> None:
    async def scene(disk: Disk, writer: GroupCommit[int, str]) -> list[list[int]]:
        disk.open.clear()
        waiting = [asyncio.create_task(writer.put([1]))]
        await asyncio.sleep(0.01)
        waiting += [asyncio.create_task(writer.put([number])) for number in range(2, 50)]
        await asyncio.sleep(0.01)
        assert not any(task.done() for task in waiting), "answered before the commit"
        disk.open.set()
        await asyncio.gather(*waiting)
        return disk.groups

    assert play(scene) == [[1], list(range(2, 50))]


def test_a_group_has_a_limit_and_a_large_batch_is_not_torn() -> None:
    async def scene(disk: Disk, writer: GroupCommit[int, str]) -> list[int]:
        await asyncio.gather(*(writer.put([number] * size) for number, size in enumerate([3, 3, 3, 25, 1])))
        return [len(group) for group in disk.groups]

    assert play(scene, max_group=10) == [9, 25, 1]


def test_a_failed_commit_tells_everybody_to_send_again_and_the_next_works() -> None:
    async def scene(disk: Disk, writer: GroupCommit[int, str]) -> Any:
        disk.error = OSError("disk")
        refused = await asyncio.gather(writer.put([1]), writer.put([2]), return_exceptions=True)
        disk.error = None
        return refused, await writer.put([3]), writer.failures

    refused, kept, failures = play(scene)
    assert [type(error) for error in refused] == [UnavailableError, UnavailableError]
    assert (kept, failures) == (["kept 3"], 1)


def test_beyond_the_limit_nobody_is_let_in() -> None:
    async def scene(disk: Disk, writer: GroupCommit[int, str]) -> None:
        disk.open.clear()
        first = asyncio.create_task(writer.put([0]))
        await asyncio.sleep(0.01)
        queued = asyncio.create_task(writer.put([1, 2, 3]))
        await asyncio.sleep(0.01)
        with pytest.raises(UnavailableError):
            await writer.put([4, 5])
        disk.open.set()
        await asyncio.gather(first, queued)
        assert await writer.put([6, 7, 8, 9]) == ["kept 6", "kept 7", "kept 8", "kept 9"]

    play(scene, max_waiting=4)


def test_stopping_lets_nobody_wait_for_ever() -> None:
    async def scene(disk: Disk, writer: GroupCommit[int, str]) -> Any:
        disk.open.clear()
        waiting = [asyncio.create_task(writer.put([number])) for number in range(3)]
        await asyncio.sleep(0.01)
        waiting.append(asyncio.create_task(writer.put([9])))
        await asyncio.sleep(0.01)
        await writer.stop()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        with pytest.raises(UnavailableError):
            await writer.put([1])
        return outcomes

    assert [type(error) for error in play(scene)] == [UnavailableError] * 4


def test_somebody_who_went_away_does_not_disturb_the_others() -> None:
    async def scene(disk: Disk, writer: GroupCommit[int, str]) -> Any:
        disk.open.clear()
        gone, stays = asyncio.create_task(writer.put([1])), asyncio.create_task(writer.put([2]))
        await asyncio.sleep(0.01)
        gone.cancel()
        await asyncio.sleep(0)
        disk.open.set()
        return await stays

    assert play(scene) == ["kept 2"]
