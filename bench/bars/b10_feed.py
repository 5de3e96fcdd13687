"""B10: how soon 500 open pages hear of an event, at twenty events a second, and whether the feed ever misses a row.

The delay is from just before the writer's commit to the page's socket, in a web process of its own. The
stress writer lets many transactions commit in another order than they began, some of them late; the
feed's pump must hand on every row. ``LANTERN_BENCH_STRESS_ROWS`` says how many (the bar says 1,000,000).
"""

import asyncio
import json
import os
import random
import time
from collections.abc import Sequence
from uuid import UUID, uuid4

import asyncpg
from websockets.asyncio.client import ClientConnection, connect

from bench.bar import Bar, Condition, Measurement
from bench.own_server import OwnDatabase, OwnServer, own_database, own_server
from server.access.scope import Actor
from server.kit.clock import SystemClock
from server.kit.database_urls import for_libpq
from server.kit.db import Database
from server.kit.outbox import CHANNEL
from server.live_queue.feed import Listener, LiveFeed
from server.organisation.domain import Role
from tests.kit.organisation import Academy, Trust, actor_for, make_academy, make_staff
from tests.kit.sign_in import make_session

SOCKETS = 500
EVENTS = 600
EVENTS_A_SECOND = 20
CONNECT_AT_ONCE = 20
SETTLE_S = 3.0
STRESS_ROWS = int(os.environ.get("LANTERN_BENCH_STRESS_ROWS", "60000"))
WRITERS = 8
ANNOUNCE = """
WITH row AS (
  INSERT INTO outbox (name, payload, trust_id, academy_id)
  SELECT 'EventReceived', jsonb_build_object('event_id', id), $2, $3 FROM unnest($1::uuid[]) AS made (id)
  RETURNING 1)
SELECT pg_notify($4, '') FROM (SELECT count(*) FROM row) AS all_of_them
"""


def measure() -> Measurement:
    """Thirty seconds of events to 500 sockets, then the stress writer."""
    with own_database() as database:
        academy, actor, cookies = _people(database)
        with own_server(database) as server:
            delays, unheard = asyncio.run(_listen(database, server, academy, cookies))
        missed, took_s = asyncio.run(_stress(database, academy, actor))
    delays.sort()
    return Measurement(
        value=round(1000 * delays[int(len(delays) * 0.99) - 1], 1),
        n=len(delays),
        conditions=(
            Condition("deltas that a socket did not hear", unheard, 0),
            Condition(f"rows missed of {STRESS_ROWS} under the stress writer", missed, 0),
        ),
        details={
            "p50_ms": round(1000 * delays[len(delays) // 2], 1),
            "max_ms": round(1000 * delays[-1], 1),
            "stress_rows": STRESS_ROWS,
            "stress_rows_a_second": round(STRESS_ROWS / took_s),
            "load_average": os.getloadavg()[0],
        },
    )


def _people(database: OwnDatabase) -> tuple[Academy, Actor, list[str]]:
    pool = Database(database.system_url, pool_size=2)
    try:
        academy = make_academy(pool)
        staff = make_staff(pool, Role.MODERATOR, trust=Trust(academy.trust_id, ""))
        cookies = [make_session(pool, SystemClock(), staff) for _ in range(SOCKETS)]
        return academy, actor_for(pool, staff), cookies
    finally:
        pool.close()


async def _listen(
    database: OwnDatabase, server: OwnServer, academy: Academy, cookies: Sequence[str]
) -> tuple[list[float], int]:
    """Every delay in seconds, and how many deltas did not arrive."""
    gate = asyncio.Semaphore(CONNECT_AT_ONCE)

    async def join(cookie: str) -> ClientConnection:
        async with gate:
            socket = await connect(
                server.address.replace("http", "ws") + "/api/live",
                additional_headers={"Cookie": f"lantern_session={cookie}"},
                origin=server.address,  # type: ignore[arg-type]
                compression=None,
                proxy=None,
            )
            await socket.recv()
            return socket

    sockets = await asyncio.gather(*map(join, cookies))
    sent_at: dict[str, float] = {}
    delays: list[float] = []

    async def hear(socket: ClientConnection) -> None:
        async for raw in socket:
            arrived_at = time.perf_counter()
            event_id = str(raw).partition('"event_id":"')[2][:36]
            delays.append(arrived_at - sent_at[event_id])

    hearing = [asyncio.create_task(hear(socket)) for socket in sockets]
    link = await asyncpg.connect(for_libpq(database.system_url))
    begun = time.perf_counter()
    for number in range(EVENTS):
        await asyncio.sleep(max(0.0, begun + number / EVENTS_A_SECOND - time.perf_counter()))
        event_id = uuid4()
        sent_at[str(event_id)] = time.perf_counter()
        await link.execute(ANNOUNCE, [event_id], academy.trust_id, academy.id, CHANNEL)
    await asyncio.sleep(SETTLE_S)
    await link.close()
    for task in hearing:
        task.cancel()
    await asyncio.gather(*(socket.close() for socket in sockets), return_exceptions=True)
    return delays, EVENTS * SOCKETS - len(delays)


async def _stress(database: OwnDatabase, academy: Academy, actor: Actor) -> tuple[int, float]:
    """Rows the feed's pump did not hand on, and how long the writers took."""
    address = for_libpq(database.system_url)
    feed = LiveFeed(lambda: asyncpg.connect(address))
    listener = await feed.join(actor)
    heard: set[str] = set()
    reading = asyncio.create_task(_hear_all(listener, heard))
    begun = time.perf_counter()
    written = set().union(
        *await asyncio.gather(
            *(
                _write(address, academy, random.Random(seed), STRESS_ROWS // WRITERS)
                for seed in range(WRITERS)
            )
        )
    )
    took_s = time.perf_counter() - begun
    deadline = time.monotonic() + 60
    while len(heard) < len(written) and time.monotonic() < deadline and not listener.overflowed.is_set():
        await asyncio.sleep(0.1)
    reading.cancel()
    feed.leave(listener)
    await feed.stop()
    return len(written - heard), took_s


async def _hear_all(listener: Listener, heard: set[str]) -> None:
    while True:
        heard.add(json.loads(await listener.waiting.get())["event_id"])


async def _write(address: str, academy: Academy, dice: random.Random, rows: int) -> set[str]:
    """Transactions of one to sixty rows, written in parts, some committed long after they began."""
    link = await asyncpg.connect(address)
    written: set[str] = set()
    while len(written) < rows:
        async with link.transaction():
            for _ in range(dice.choice((1, 1, 2))):
                ids: list[UUID] = [uuid4() for _ in range(min(dice.randint(1, 60), rows - len(written)))]
                if not ids:
                    break
                await link.execute(ANNOUNCE, ids, academy.trust_id, academy.id, CHANNEL)
                written |= set(map(str, ids))
                if dice.random() < 0.05:
                    await asyncio.sleep(dice.random() * 0.1)
    await link.close()
    return written


BAR = Bar(
    id="B10",
    title="99 of 100 deltas reach their socket within",
    unit="ms",
    limit=150,
    measure=measure,
)
