"""B8: durable events a core-second through the whole of ingest, beside what bare batched inserts commit.

Ours: signed batches over the websocket, opened, sealed again, stored with key, review item, deadline and
Message, acknowledged after COMMIT; CPU of the web process and of all of PostgreSQL. Theirs: ready-made
rows of 1.8 KB, a hundred to an insert; CPU of the one client and of all of PostgreSQL. Interleaved.
"""

import asyncio
import json
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
from websockets.asyncio.client import connect

from bench.bar import Bar, Condition, Measurement
from bench.own_server import MASTER_KEY, OwnDatabase, OwnServer, own_database, own_server, process_cpu_s
from server.kit.clock import SystemClock
from server.kit.database_urls import for_libpq
from server.kit.db import Database
from server.kit.sealing import Keyring
from shared.wire import SOCKET_PATH
from tests.kit.devices import Device, make_device, make_student

DEVICES = 32
ROUNDS = int(os.environ.get("LANTERN_BENCH_ROUNDS", "3"))
BATCH = 20
BATCHES_EACH = 8
SINGLES_EACH = 40
RAW_ROWS = 20_000
RAW_AT_ONCE = 100
SINGLE_BAR = 1 / 8
RAW_TABLE = """
CREATE TABLE raw_row (id uuid PRIMARY KEY, device uuid, at timestamptz, body jsonb);
CREATE INDEX ON raw_row (device);
CREATE INDEX ON raw_row (at);
"""
RAW_INSERT = (
    "INSERT INTO raw_row SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[]::jsonb[])"
    " ON CONFLICT DO NOTHING"
)


def measure() -> Measurement:
    """Three interleaved rounds of each; ratios inside a round, the median of them."""
    with own_database() as database, own_server(database) as server:
        devices = _devices(database)
        asyncio.run(_warm(database, server, devices))
        raw, batches, singles = [], [], []
        for _ in range(ROUNDS):
            raw.append(asyncio.run(_raw(database)))
            batches.append(asyncio.run(_ours(database, server, devices, BATCH, BATCHES_EACH)))
            singles.append(asyncio.run(_ours(database, server, devices, 1, SINGLES_EACH)))
        sent = DEVICES * (ROUNDS * (BATCH * BATCHES_EACH + SINGLES_EACH) + BATCH + 1)
        missing = sent - asyncio.run(_stored(database))
    ratio = statistics.median(ours / bare for ours, bare in zip(batches, raw, strict=True))
    single = statistics.median(ours / bare for ours, bare in zip(singles, raw, strict=True))
    return Measurement(
        value=round(ratio, 4),
        n=sent,
        peer={"raw_rows_per_core_s": round(statistics.median(raw))},
        conditions=(
            Condition("single frames, as a share of the same", round(single, 4), SINGLE_BAR, at_most=False),
            Condition("acknowledged events that are not in the table", missing, 0),
        ),
        details={
            "batch_events_per_core_s": [round(one) for one in batches],
            "single_events_per_core_s": [round(one) for one in singles],
            "raw_rows_per_core_s": [round(one) for one in raw],
            "load_average": os.getloadavg()[0],
        },
    )


def _devices(database: OwnDatabase) -> list[Device]:
    pool = Database(database.system_url, pool_size=2)
    keyring = Keyring(MASTER_KEY)
    try:
        devices = [make_device(pool, SystemClock(), keyring) for _ in range(DEVICES)]
        for device in devices:
            make_student(pool, device.academy, account="mokafor")
    finally:
        pool.close()
    return [replace(device, sent_at=datetime.now(UTC)) for device in devices]


async def _warm(database: OwnDatabase, server: OwnServer, devices: Sequence[Device]) -> None:
    await _send(server, devices, BATCH, 1)
    await _send(server, devices, 1, 1)
    link = await asyncpg.connect(for_libpq(database.owner_url))
    await link.execute(RAW_TABLE)
    await link.close()


async def _ours(
    database: OwnDatabase, server: OwnServer, devices: Sequence[Device], batch: int, each: int
) -> float:
    """Events a core-second."""
    cpu_s = await _send(server, devices, batch, each, database)
    return len(devices) * batch * each / cpu_s


async def _send(
    server: OwnServer,
    devices: Sequence[Device],
    batch: int,
    each: int,
    database: OwnDatabase | None = None,
) -> float:
    """Every device sends its batches, each after the last one's ack; the CPU it took on the other side."""
    plans = [
        [device.batch(*(device.item() for _ in range(batch))).decode() for _ in range(each)]
        for device in devices
    ]
    now = datetime.now(UTC)
    sockets = [
        await connect(
            f"ws://127.0.0.1:{server.port}{SOCKET_PATH}",
            additional_headers=device.bearer(now),
            compression=None,
            proxy=None,
        )
        for device in devices
    ]
    for socket in sockets:
        await socket.recv()
    before = _cpu_s(server, database)

    async def play(socket: object, plan: list[str]) -> None:
        for raw in plan:
            await socket.send(raw)  # type: ignore[attr-defined]
            ack = json.loads(await socket.recv())  # type: ignore[attr-defined]
            if [one["result"] for one in ack["results"]] != ["accepted"] * batch:
                raise RuntimeError("an event was not accepted")

    await asyncio.gather(*(play(socket, plan) for socket, plan in zip(sockets, plans, strict=True)))
    used = _cpu_s(server, database) - before
    for socket in sockets:
        await socket.close()
    return used


def _cpu_s(server: OwnServer, database: OwnDatabase | None) -> float:
    return process_cpu_s(server.pid) + (database.cpu_s() if database else 0.0)


async def _raw(database: OwnDatabase) -> float:
    """Rows a core-second of bare inserts."""
    link = await asyncpg.connect(for_libpq(database.owner_url))
    now, body = datetime.now(UTC), json.dumps({"x": "y" * 1750})
    rounds: list[tuple[list[UUID], list[UUID]]] = [
        ([uuid4() for _ in range(RAW_AT_ONCE)], [uuid4() for _ in range(RAW_AT_ONCE)])
        for _ in range(RAW_ROWS // RAW_AT_ONCE)
    ]
    times, bodies = [now] * RAW_AT_ONCE, [body] * RAW_AT_ONCE
    before, mine = database.cpu_s(), time.process_time()
    for ids, devices in rounds:
        await link.execute(RAW_INSERT, ids, devices, times, bodies)
    used = database.cpu_s() - before + time.process_time() - mine
    await link.close()
    return RAW_ROWS / used


async def _stored(database: OwnDatabase) -> int:
    link = await asyncpg.connect(for_libpq(database.owner_url))
    count: int = await link.fetchval("SELECT count(*) FROM event")
    await link.close()
    return count


BAR = Bar(
    id="B8",
    title="events a core-second in batches of 20, as a share of bare rows a core-second",
    unit="of raw",
    limit=0.25,
    at_most=False,
    measure=measure,
)
