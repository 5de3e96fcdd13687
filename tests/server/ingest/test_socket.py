"""The two carriers over a real socket: uvicorn on loopback, the agent's own websocket client."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from server.enrolment.revoke_device import revoke_device
from server.kit.db import Database
from server.kit.sealing import Keyring
from shared.wire import (
    BATCH_PATH,
    SOCKET_PATH,
    AckFrame,
    ErrorFrame,
    Result,
    WelcomeFrame,
    decode,
)
from tests.kit.clock import FakeClock
from tests.kit.devices import Device
from tests.kit.ingest import call


def count(system_database: Database, event_id: object) -> int:
    with system_database.read() as session:
        found: int = session.execute(
            text("SELECT count(*) FROM event WHERE id = :id"), {"id": event_id}
        ).scalar_one()
        return found


def test_welcome_then_acks(system_database: Database, address: str, device: Device) -> None:
    items = [device.item() for _ in range(3)]

    async def talk() -> list[Any]:
        async with connect(f"ws://{address}{SOCKET_PATH}", additional_headers=device.bearer()) as agent:
            heard = [decode(await agent.recv())]
            for frame in (device.batch(*items), device.batch(items[0]), device.heartbeat()):
                await agent.send(frame.decode())
                heard.append(decode(await agent.recv()))
            await agent.send(device.batch(device.item()))  # as a binary message
            heard.append(decode(await agent.recv()))
            return heard

    welcome, ack, again, beat, binary = asyncio.run(talk())
    assert isinstance(welcome, WelcomeFrame)
    assert isinstance(beat, WelcomeFrame)
    assert isinstance(ack, AckFrame)
    assert [one.result for one in ack.results] == [Result.ACCEPTED] * 3
    assert [one.result for one in again.results] == [Result.DUPLICATE]
    assert [one.result for one in binary.results] == [Result.ACCEPTED]
    assert [count(system_database, item.header.id) for item in items] == [1, 1, 1]


def test_the_same_event_over_both_carriers_at_once(
    system_database: Database, address: str, device: Device
) -> None:
    rounds = [device.item() for _ in range(15)]

    async def talk() -> list[tuple[Any, Any]]:
        async with connect(f"ws://{address}{SOCKET_PATH}", additional_headers=device.bearer()) as agent:
            await agent.recv()
            heard = []
            for item in rounds:
                raw = device.batch(item)
                post = asyncio.create_task(
                    asyncio.to_thread(call, address, "POST", BATCH_PATH, raw, device.bearer())
                )
                await agent.send(raw.decode())
                by_socket = decode(await agent.recv())
                status, body, _ = await post
                assert status == 200
                heard.append((by_socket, decode(body)))
            return heard

    for by_socket, by_post in asyncio.run(talk()):
        both = sorted([by_socket.results[0].result, by_post.results[0].result])
        assert both == [Result.ACCEPTED, Result.DUPLICATE]
    assert {count(system_database, item.header.id) for item in rounds} == {1}


def no_token(_device: Device) -> dict[str, str]:
    return {}


def old_token(device: Device) -> dict[str, str]:
    return device.bearer(device.sent_at.replace(hour=1))


def foreign_token(device: Device) -> dict[str, str]:
    return Device(device.sender, device.academy, device.key, Keyring(bytes(32))).bearer()


def changed_token(device: Device) -> dict[str, str]:
    value = device.bearer()["Authorization"]
    return {"Authorization": value[:9] + ("A" if value[9] != "A" else "B") + value[10:]}


@pytest.mark.parametrize("make_headers", [no_token, old_token, foreign_token, changed_token])
def test_every_bad_token_gets_one_answer(address: str, device: Device, make_headers: Any) -> None:
    headers = make_headers(device)
    status, body, _ = call(address, "POST", BATCH_PATH, device.batch(device.item()), headers)
    assert (status, decode(body)) == (401, ErrorFrame("unauthenticated", True))

    async def knock() -> None:
        async with connect(f"ws://{address}{SOCKET_PATH}", additional_headers=headers):
            pass

    with pytest.raises(InvalidStatus) as refused:
        asyncio.run(knock())
    assert refused.value.response.status_code == 401


def test_revocation_ends_an_open_session(
    system_database: Database, clock: FakeClock, address: str, device: Device
) -> None:
    item = device.item()

    async def talk() -> tuple[Any, int]:
        async with connect(f"ws://{address}{SOCKET_PATH}", additional_headers=device.bearer()) as agent:
            await agent.recv()
            with system_database.write() as session:
                revoke_device(session, clock, device.id)
            await agent.send(device.batch(item).decode())
            error = decode(await agent.recv())
            with pytest.raises(ConnectionClosedError) as closed:
                await agent.recv()
            assert closed.value.rcvd is not None
            return error, closed.value.rcvd.code

    assert asyncio.run(talk()) == (ErrorFrame("unauthenticated", False), 4401)
    assert count(system_database, item.header.id) == 0


def test_a_malformed_frame_does_not_end_the_session(address: str, device: Device) -> None:
    async def talk() -> tuple[Any, Any]:
        async with connect(f"ws://{address}{SOCKET_PATH}", additional_headers=device.bearer()) as agent:
            await agent.recv()
            await agent.send("{}")
            protocol = decode(await agent.recv())
            await agent.send('{"t":"ack","v":1}')
            malformed = decode(await agent.recv())
            await agent.send(device.batch(device.item()).decode())
            assert isinstance(decode(await agent.recv()), AckFrame)
            return protocol, malformed

    assert asyncio.run(talk()) == (ErrorFrame("protocol", False), ErrorFrame("malformed", False))
