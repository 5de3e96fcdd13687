"""Exactly one effect per event, whatever devices repeat, race, forge or break."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from server.enrolment.domain import DeviceRefusedError
from server.enrolment.revoke_device import revoke_device
from server.evidence.view import open_body
from server.ingest.receive import Receiver, receiving
from server.kit.database_urls import for_libpq
from server.kit.db import Database
from server.kit.sealing import Keyring
from shared.taxonomy import AgeBand, Severity
from shared.wire import (
    Result,
)
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.devices import PASSAGE, Device, a_body, make_student
from tests.kit.ingest import Play, effects, results, rows, send


def test_an_event_becomes_row_key_review_and_message(
    system_database: Database, keyring: Keyring, play: Play, device: Device
) -> None:
    student_id = make_student(system_database, device.academy, pseudonym=uuid4().hex[:6].upper())
    item = device.item(severity=Severity.LEVEL_4, account="SCHOOL\\MOkafor")
    [ack] = send(play, device, device.batch(item))
    assert results(ack) == [(item.header.id, Result.ACCEPTED, "")]
    assert effects(system_database, item.header.id) == (1, 1, 1, 1)
    [event] = rows(system_database, "SELECT * FROM event WHERE id = :id", id=item.header.id)
    assert event["student_id"] == student_id
    assert event["student_pseudonym"]
    assert event["age_band"] == AgeBand.AGE_11_16
    assert (event["trust_id"], event["academy_id"]) == (device.academy.trust_id, device.academy.id)
    assert event["received_at"] == MONDAY
    assert event["reasons"] == ["term:12"]
    assert event["application"] == "Notepad"
    assert len(event["signature"]) == 64
    assert PASSAGE.encode() not in bytes(event["body"])
    with system_database.read() as session:
        assert open_body(session, keyring, item.header.id) == a_body("SCHOOL\\MOkafor")


def test_a_repeated_batch_has_one_effect(system_database: Database, play: Play, device: Device) -> None:
    item = device.item()
    raw = device.batch(item)
    first, again, repacked = send(play, device, raw, raw, device.batch(item))
    assert [one[1] for one in results(first)] == [Result.ACCEPTED]
    assert [one[1] for one in results(again)] == [Result.DUPLICATE]
    assert [one[1] for one in results(repacked)] == [Result.DUPLICATE]
    assert effects(system_database, item.header.id) == (1, 1, 1, 1)


def test_twice_in_one_batch_is_once(system_database: Database, play: Play, device: Device) -> None:
    item = device.item()
    [ack] = send(play, device, device.batch(item, item))
    assert len(ack.results) == 1
    assert ack.results[0].result in {Result.ACCEPTED, Result.DUPLICATE}
    assert effects(system_database, item.header.id) == (1, 1, 1, 1)


def test_both_carriers_at_once_from_two_processes(
    system_database: Database, system_url: str, keyring: Keyring, clock: FakeClock, device: Device
) -> None:
    """Two receivers stand for two server processes; twenty overlapping batches race through both."""
    items = [device.item() for _ in range(30)]

    async def race() -> list[Any]:
        async with (
            receiving(for_libpq(system_url), keyring, clock) as one,
            receiving(for_libpq(system_url), keyring, clock) as other,
        ):
            batches = []
            for turn in range(20):
                mixed = items[turn % 30 :] + items[: turn % 30]
                raw = device.batch(*(mixed if turn % 2 else reversed(mixed)))
                batches.append((one if turn % 2 else other).receive(raw, device.sender))
            return await asyncio.gather(*batches)

    acks = asyncio.run(race())
    accepted = [one[0] for ack in acks for one in results(ack) if one[1] is Result.ACCEPTED]
    assert sorted(accepted) == sorted(item.header.id for item in items)
    assert all(one[1] in {Result.ACCEPTED, Result.DUPLICATE} for ack in acks for one in results(ack))
    for item in items:
        assert effects(system_database, item.header.id) == (1, 1, 1, 1)
    orphans = rows(
        system_database,
        "SELECT count(*) AS n FROM record_key k WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.key_id = k.id)",
    )
    assert orphans[0]["n"] == 0


def test_frames_that_wait_are_committed_together(
    system_database: Database, play: Play, device: Device
) -> None:
    async def scene(receiver: Receiver) -> list[Any]:
        raws = [device.batch(device.item()) for _ in range(40)]
        return await asyncio.gather(*(receiver.receive(raw, device.sender) for raw in raws))

    acks = play(scene)
    ids = [one[0] for ack in acks for one in results(ack)]
    transactions = rows(
        system_database,
        "SELECT count(DISTINCT xid::text) AS n FROM outbox WHERE payload->>'event_id' = ANY (:ids)",
        ids=[str(one) for one in ids],
    )
    assert len(ids) == 40
    assert transactions[0]["n"] <= 3


def test_a_revoked_device_is_refused_from_the_next_frame_on(
    system_database: Database, clock: FakeClock, play: Play, device: Device
) -> None:
    before, after = device.item(), device.item()

    async def scene(receiver: Receiver) -> None:
        await receiver.receive(device.batch(before), device.sender)
        with system_database.write() as session:
            revoke_device(session, clock, device.id)
        for raw in (device.batch(after), device.heartbeat()):
            with pytest.raises(DeviceRefusedError):
                await receiver.receive(raw, device.sender)
        with pytest.raises(DeviceRefusedError):
            await receiver.authenticate(device.bearer()["Authorization"])

    play(scene)
    assert effects(system_database, before.header.id) == (1, 1, 1, 1)
    assert effects(system_database, after.header.id) == (0, 0, 0, 0)
