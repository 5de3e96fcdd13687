"""Moderators who watch: each holds the live feed and fetches the queue when it says something, as the page does."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2 as httpx
from websockets.asyncio.client import connect

CONNECT_AT_ONCE = 20


@dataclass
class Watchers:
    """``heard`` counts feed messages over all sockets, ``fetched`` the queue answers."""

    connected: int = 0
    heard: int = 0
    fetched: int = 0
    failed: int = 0
    ready: threading.Event = field(default_factory=threading.Event)


@contextmanager
def watch(address: str, cookies: list[str], count: int) -> Iterator[Watchers]:
    """``count`` watchers on the sessions in ``cookies`` (shared out in turn), in a thread of their own."""
    watchers = Watchers()
    loop = asyncio.new_event_loop()
    task: list[asyncio.Task[None]] = []

    def run() -> None:
        asyncio.set_event_loop(loop)
        task.append(loop.create_task(_watch_all(address, cookies, count, watchers)))
        try:
            loop.run_until_complete(task[0])
        except asyncio.CancelledError:
            pass
        finally:
            loop.close()

    thread = threading.Thread(target=run, name="watchers")
    thread.start()
    try:
        if not watchers.ready.wait(120):
            raise TimeoutError(f"only {watchers.connected} of {count} watchers connected")
        yield watchers
    finally:
        loop.call_soon_threadsafe(task[0].cancel)
        thread.join(30)


async def _watch_all(address: str, cookies: list[str], count: int, watchers: Watchers) -> None:
    gate = asyncio.Semaphore(CONNECT_AT_ONCE)
    limits = httpx.Limits(max_connections=count, max_keepalive_connections=count)
    async with (
        httpx.AsyncClient(base_url=address, limits=limits, timeout=30, trust_env=False) as client,
        asyncio.TaskGroup() as group,
    ):
        for number in range(count):
            cookie = f"lantern_session={cookies[number % len(cookies)]}"
            group.create_task(_watch_one(address, cookie, client, gate, watchers, count))


async def _watch_one(
    address: str,
    cookie: str,
    client: httpx.AsyncClient,
    gate: asyncio.Semaphore,
    watchers: Watchers,
    count: int,
) -> None:
    async with gate:
        socket = await connect(
            address.replace("http", "ws") + "/api/live",
            additional_headers={"Cookie": cookie},
            origin=address,  # type: ignore[arg-type]
            compression=None,
            proxy=None,
        )
    watchers.connected += 1
    if watchers.connected == count:
        watchers.ready.set()
    changed = asyncio.Event()

    async def fetch() -> None:
        while True:
            await changed.wait()
            changed.clear()
            answer = await client.get("/api/queue", headers={"Cookie": cookie})
            watchers.fetched += 1
            watchers.failed += answer.status_code != 200

    fetching = asyncio.create_task(fetch())
    try:
        async for _ in socket:
            watchers.heard += 1
            changed.set()
    finally:
        fetching.cancel()
        await socket.close()
