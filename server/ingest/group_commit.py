"""One writer per process: whatever arrives while a commit is in flight is committed together next.

A waiter is answered only after COMMIT. When a commit fails or its outcome is unknown, everybody in it
is told to send again, which is safe: what did commit will be found as a duplicate.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from server.ingest.domain import UnavailableError

MAX_GROUP = 500
MAX_WAITING = 20_000
BACK_OFF_S = 0.25

_log = logging.getLogger(__name__)
_Thing = TypeVar("_Thing")
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class _Waiter(Generic[_Thing, _Answer]):
    things: Sequence[_Thing]
    answer: asyncio.Future[list[_Answer]]


class GroupCommit(Generic[_Thing, _Answer]):
    """Gathers things and hands them to ``commit`` in groups; ``commit`` answers for each, after COMMIT."""

    def __init__(
        self,
        commit: Callable[[list[_Thing]], Awaitable[list[_Answer]]],
        *,
        max_group: int = MAX_GROUP,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        self._commit = commit
        self._max_group = max_group
        self._max_waiting = max_waiting
        self._waiting: deque[_Waiter[_Thing, _Answer]] = deque()
        self._size = 0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.failures = 0
        """Groups whose commit failed since the process began."""

    def start(self) -> None:
        """Begin to write. Call from the event loop that will ``put``."""
        self._task = asyncio.create_task(self._run(), name="group-commit")

    async def stop(self) -> None:
        """Stop writing; whoever still waits is told to send again."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        self._fail(list(self._waiting))
        self._waiting.clear()
        self._size = 0

    async def put(self, things: Sequence[_Thing]) -> list[_Answer]:
        """Commit ``things`` together with whatever else is waiting. Raises UnavailableError."""
        if self._task is None or self._task.done() or self._size + len(things) > self._max_waiting:
            raise UnavailableError
        waiter = _Waiter(things, asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        self._size += len(things)
        self._wake.set()
        return await waiter.answer

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            group = self._take()
            if not group:
                self._wake.clear()
                continue
            try:
                answers = await self._commit([thing for waiter in group for thing in waiter.things])
                self._answer(group, answers)
            except Exception as error:  # noqa: BLE001 - the outermost loop: count, back off; devices keep it
                self.failures += 1
                _log.error("a group of %s was not committed: %s", len(group), type(error).__name__)
                self._fail(group)
                await asyncio.sleep(BACK_OFF_S)
            finally:
                # Also when this task is cancelled in the middle of a commit.
                self._fail(group)

    def _take(self) -> list[_Waiter[_Thing, _Answer]]:
        group: list[_Waiter[_Thing, _Answer]] = []
        size = 0
        while self._waiting and (not group or size + len(self._waiting[0].things) <= self._max_group):
            waiter = self._waiting.popleft()
            group.append(waiter)
            size += len(waiter.things)
        self._size -= size
        return group

    @staticmethod
    def _answer(group: list[_Waiter[_Thing, _Answer]], answers: list[_Answer]) -> None:
        start = 0
        for waiter in group:
            end = start + len(waiter.things)
            if not waiter.answer.done():
                waiter.answer.set_result(answers[start:end])
            start = end

    @staticmethod
    def _fail(group: list[_Waiter[_Thing, _Answer]]) -> None:
        for waiter in group:
            if not waiter.answer.done():
                waiter.answer.set_exception(UnavailableError())
