"""One group, one transaction: what is refused in it harms nothing else, and a cut leaves nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from server.enrolment.domain import DeviceRefusedError
from server.enrolment.revoke_device import revoke_device
from server.ingest.domain import UnavailableError
from server.ingest.receive import Receiver
from server.kit.database_urls import for_libpq
from server.kit.db import Database
from server.kit.sealing import Keyring
from shared.wire import (
    Result,
)
from tests.kit.clock import FakeClock
from tests.kit.devices import Device, make_device
from tests.kit.ingest import Play, effects, letters, results, send


def test_a_revoked_device_does_not_spoil_the_group_it_stands_in(
    system_database: Database, clock: FakeClock, keyring: Keyring, play: Play, device: Device
) -> None:
    revoked = make_device(system_database, clock, keyring)
    with system_database.write() as session:
        revoke_device(session, clock, revoked.id)
    good = device.item()

    async def scene(receiver: Receiver) -> list[Any]:
        return await asyncio.gather(
            receiver.receive(revoked.batch(revoked.item()), revoked.sender),
            receiver.receive(device.batch(good), device.sender),
            return_exceptions=True,
        )

    refused, ack = play(scene)
    assert isinstance(refused, DeviceRefusedError)
    assert results(ack) == [(good.header.id, Result.ACCEPTED, "")]


def test_an_id_that_another_device_has_used_is_refused(
    system_database: Database, clock: FakeClock, keyring: Keyring, play: Play, device: Device
) -> None:
    item = device.item()
    thief = make_device(system_database, clock, keyring)
    send(play, device, device.batch(item))
    [ack] = send(play, thief, thief.batch(thief.item(event_id=item.header.id)))
    assert results(ack) == [(item.header.id, Result.REJECTED, "id_taken")]
    assert letters(system_database, thief) == [(item.header.id, "id_taken")]


def test_a_row_the_database_refuses_is_found_and_set_aside(
    system_database: Database, owner_url: str, play: Play, device: Device
) -> None:
    """A rule that only the database knows makes one item of a group impossible to store."""
    good = [device.item() for _ in range(4)]
    bad = device.item()
    with asyncio.Runner() as runner:
        libpq = for_libpq(owner_url)

        async def rule(statement: str) -> None:
            link = await asyncpg.connect(libpq)
            await link.execute(statement)
            await link.close()

        runner.run(
            rule(f"ALTER TABLE event ADD CONSTRAINT refused CHECK (id <> '{bad.header.id}') NOT VALID")
        )
        try:
            [ack] = send(play, device, device.batch(good[0], good[1], bad, good[2], good[3]))
        finally:
            runner.run(rule("ALTER TABLE event DROP CONSTRAINT refused"))
    found = {one[0]: one[1:] for one in results(ack)}
    assert found.pop(bad.header.id) == (Result.REJECTED, "unstorable")
    assert set(found.values()) == {(Result.ACCEPTED, "")}
    assert letters(system_database, device) == [(bad.header.id, "unstorable")]


@asynccontextmanager
async def held_table(libpq: str) -> AsyncIterator[asyncpg.Connection]:
    """While this is open no one can write a review item: commits hang in the middle."""
    link = await asyncpg.connect(libpq)
    hold = link.transaction()
    await hold.start()
    await link.execute("LOCK TABLE review_item IN SHARE MODE")
    try:
        yield link
    finally:
        await hold.rollback()
        await link.close()


async def writers(link: asyncpg.Connection) -> list[int]:
    """Server processes of ingest that wait in the middle of storing events."""
    for _ in range(200):
        found = await link.fetch(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'lantern-ingest'"
            " AND datname = current_database() AND wait_event_type = 'Lock'"
        )
        if found:
            return [row["pid"] for row in found]
        await asyncio.sleep(0.02)
    raise AssertionError("nobody is writing")


def test_nothing_is_acknowledged_before_the_commit_and_a_cut_leaves_nothing(
    system_database: Database, owner_url: str, play: Play, device: Device
) -> None:
    """The connection is cut in the middle of the transaction; the device hears "later" and sends again."""
    item = device.item()
    raw = device.batch(item)

    async def scene(receiver: Receiver) -> Any:
        async with held_table(for_libpq(owner_url)) as link:
            answer = asyncio.create_task(receiver.receive(raw, device.sender))
            pids = await writers(link)
            assert not answer.done()
            assert await link.fetchval("SELECT count(*) FROM event WHERE id = $1", item.header.id) == 0
            for pid in pids:
                await link.execute("SELECT pg_terminate_backend($1)", pid)
            with pytest.raises(UnavailableError):
                await answer
            assert effects(system_database, item.header.id) == (0, 0, 0, 0)
            assert receiver.writer.failures == 1
        return await receiver.receive(raw, device.sender)

    assert results(play(scene)) == [(item.header.id, Result.ACCEPTED, "")]
    assert effects(system_database, item.header.id) == (1, 1, 1, 1)


def test_an_ack_lost_after_the_commit_costs_nothing(
    system_database: Database, owner_url: str, play: Play, device: Device
) -> None:
    """The device goes away while its batch is written; it was committed, and sending again finds it."""
    item = device.item()
    raw = device.batch(item)

    async def scene(receiver: Receiver) -> Any:
        async with held_table(for_libpq(owner_url)) as link:
            gone = asyncio.create_task(receiver.receive(raw, device.sender))
            await writers(link)
            gone.cancel()
        while effects(system_database, item.header.id)[0] == 0:
            await asyncio.sleep(0.02)
        return await receiver.receive(raw, device.sender)

    assert results(play(scene)) == [(item.header.id, Result.DUPLICATE, "")]
    assert effects(system_database, item.header.id) == (1, 1, 1, 1)
