"""B11: what an idle device's socket costs in memory, with ten thousand of them in one web process.

Each connects as a device does, is welcomed, sends one heartbeat and falls silent; pings go on. Memory is
what is the web process's alone, before and after.
"""

import asyncio
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from websockets.asyncio.client import ClientConnection, connect

from bench.bar import Bar, Condition, Measurement
from bench.own_server import MASTER_KEY, OwnServer, own_database, own_server, private_kb, process_cpu_s
from server.kit.clock import SystemClock
from server.kit.db import Database
from server.kit.sealing import Keyring
from shared.wire import SOCKET_PATH
from tests.kit.devices import Device, make_device

SOCKETS = int(os.environ.get("LANTERN_BENCH_IDLE_SOCKETS", "10000"))
SPARE_FILES = 500
CONNECT_AT_ONCE = 32
IDLE_S = 25.0
"""Longer than a ping's interval."""


def measure() -> Measurement:
    """Connect all, let them idle, look at the process."""
    with _many_files(), own_database() as database, own_server(database) as server:
        pool = Database(database.system_url, pool_size=1)
        device = make_device(pool, SystemClock(), Keyring(MASTER_KEY))
        pool.close()
        return asyncio.run(_measure(server, device))


async def _measure(server: OwnServer, device: Device) -> Measurement:
    # The first sockets fill pools and caches that have nothing to do with a socket's own cost.
    warm = [await _join(server, device, asyncio.Semaphore(1)) for _ in range(20)]
    for socket in warm:
        await socket.close()
    before = private_kb(server.pid)
    gate, begun = asyncio.Semaphore(CONNECT_AT_ONCE), time.monotonic()
    sockets = await asyncio.gather(*(_join(server, device, gate) for _ in range(SOCKETS)))
    connected_s = time.monotonic() - begun
    cpu_s, begun = process_cpu_s(server.pid), time.monotonic()
    await asyncio.sleep(IDLE_S)
    idle = (process_cpu_s(server.pid) - cpu_s) / (time.monotonic() - begun)
    each = (private_kb(server.pid) - before) / SOCKETS
    lost = sum(socket.close_code is not None for socket in sockets)
    for socket in sockets:
        socket.transport.abort()
    return Measurement(
        value=round(each, 1),
        n=SOCKETS,
        conditions=(
            Condition("sockets held", SOCKETS - lost, 10_000, at_most=False),
            Condition("sockets that were lost", lost, 0),
        ),
        details={
            "base_kb": before,
            "connected_a_second": round(SOCKETS / connected_s),
            "idle_cpu_of_a_core": round(idle, 3),
        },
    )


async def _join(server: OwnServer, device: Device, gate: asyncio.Semaphore) -> ClientConnection:
    async with gate:
        socket = await connect(
            f"ws://127.0.0.1:{server.port}{SOCKET_PATH}",
            additional_headers=device.bearer(datetime.now(UTC)),
            compression=None,
            proxy=None,
            ping_interval=None,
            open_timeout=60,
        )
        await socket.recv()
        await socket.send(device.heartbeat().decode())
        await socket.recv()
        return socket


@contextmanager
def _many_files() -> Iterator[None]:
    """Room for all sockets, for us and for whatever we start."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = SOCKETS + SPARE_FILES
    if hard < needed:
        raise RuntimeError(f"{needed} open files are needed, the machine allows {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, needed), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


BAR = Bar(
    id="B11",
    title="memory of the web process for each idle device's socket",
    unit="KB",
    limit=40,
    measure=measure,
)
