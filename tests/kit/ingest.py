"""Sends frames to a Receiver or a door, and looks at what they left in the database."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlalchemy import text

from server.ingest.receive import Receiver, receiving
from server.kit.database_urls import for_libpq
from server.kit.db import Database
from server.kit.sealing import Keyring
from shared.wire import (
    AckFrame,
    Result,
    WelcomeFrame,
)
from tests.kit.clock import FakeClock
from tests.kit.devices import Device

Play = Callable[[Callable[[Receiver], Awaitable[Any]]], Any]

"""Runs a scene against a Receiver of its own."""


def results(ack: AckFrame | WelcomeFrame) -> list[tuple[UUID, Result, str]]:
    """An ack as plain values."""
    assert isinstance(ack, AckFrame)
    return [(one.id, one.result, one.code) for one in ack.results]


def send(play: Play, device: Device, *batches: bytes) -> list[AckFrame]:
    """Send batches one after the other through a Receiver of their own."""

    async def scene(receiver: Receiver) -> list[Any]:
        return [await receiver.receive(raw, device.sender) for raw in batches]

    acks: list[AckFrame] = play(scene)
    return acks


def rows(system_database: Database, statement: str, **values: object) -> list[dict[str, Any]]:
    """Rows as the system role sees them."""
    with system_database.read() as session:
        return [dict(row) for row in session.execute(text(statement), values).mappings()]


def effects(system_database: Database, event_id: UUID) -> tuple[int, int, int, int]:
    """How many events, keys, review items and messages an event left behind."""
    counts = rows(
        system_database,
        "SELECT (SELECT count(*) FROM event WHERE id = :id) AS events,"
        " (SELECT count(*) FROM record_key k JOIN event e ON e.key_id = k.id WHERE e.id = :id) AS keys,"
        " (SELECT count(*) FROM review_item WHERE event_id = :id) AS reviews,"
        " (SELECT count(*) FROM outbox WHERE name = 'EventReceived' AND payload->>'event_id' = :text) AS messages",
        id=event_id,
        text=str(event_id),
    )[0]
    return counts["events"], counts["keys"], counts["reviews"], counts["messages"]


def letters(system_database: Database, device: Device) -> list[tuple[UUID | None, str]]:
    """The dead letters of a device."""
    found = rows(
        system_database,
        "SELECT event_id, code FROM dead_letter WHERE device_id = :id ORDER BY id",
        id=device.id,
    )
    return [(row["event_id"], row["code"]) for row in found]


def call(
    address: str, method: str, path: str, body: bytes, headers: dict[str, str]
) -> tuple[int, bytes, Any]:
    """One HTTP request: status, body, headers."""
    request = urllib.request.Request(f"http://{address}{path}", body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read(), refusal.headers


def deliver(system_url: str, keyring: Keyring, clock: FakeClock, device: Device, raw: bytes) -> None:
    """Let one frame arrive."""

    async def scene() -> None:
        async with receiving(for_libpq(system_url), keyring, clock) as receiver:
            await receiver.receive(raw, device.sender)

    asyncio.run(scene())
