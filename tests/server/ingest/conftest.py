"""An enrolled device, a Receiver to play scenes on, and the whole app behind a real socket."""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from server.ingest.receive import Receiver, receiving
from server.kit.database_urls import for_libpq
from server.kit.db import Database
from server.kit.sealing import Keyring
from shared.wire import (
    MAX_FRAME_BYTES,
)
from tests.kit.clock import FakeClock
from tests.kit.devices import Device, make_device
from tests.kit.ingest import Play


@pytest.fixture
def device(system_database: Database, clock: FakeClock, keyring: Keyring) -> Device:
    return make_device(system_database, clock, keyring)


@pytest.fixture
def play(system_url: str, keyring: Keyring, clock: FakeClock) -> Play:
    """Runs a scene against a Receiver of its own."""

    def run(scene: Callable[[Receiver], Awaitable[Any]]) -> Any:
        async def opened() -> Any:
            async with receiving(for_libpq(system_url), keyring, clock) as receiver:
                return await scene(receiver)

        return asyncio.run(opened())

    return run


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """``127.0.0.1:port`` of the whole app behind a real uvicorn."""
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app,
            log_level="error",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            ws_max_size=MAX_FRAME_BYTES,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)
