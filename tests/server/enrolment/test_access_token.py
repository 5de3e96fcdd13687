"""Access tokens: only the device's own key gets one, only this server's are believed, only for ten minutes."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from server.enrolment.access_token import AccessTokens
from server.enrolment.domain import ACCESS_TOKEN_LIFETIME_S, DeviceRefusedError, token_request_bytes
from server.enrolment.revoke_device import revoke_device
from server.kit.db import Database
from server.kit.sealing import Keyring
from shared.wire import TOKEN_PATH, to_base64
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.devices import Device, make_device


@pytest.fixture
def device(system_database: Database, clock: FakeClock, keyring: Keyring) -> Device:
    return make_device(system_database, clock, keyring)


def request(device: Device, at: datetime, **changed: str) -> dict[str, str]:
    ts = at.isoformat()
    signature = device.key.sign(token_request_bytes(device.id, ts))
    return {"device_id": str(device.id), "ts": ts, "signature": to_base64(signature), **changed}


def test_a_device_that_proves_its_key_gets_a_token(
    client: TestClient, keyring: Keyring, device: Device
) -> None:
    answer = client.post(TOKEN_PATH, json=request(device, MONDAY))
    assert answer.status_code == 200
    assert answer.json()["expires_in"] == ACCESS_TOKEN_LIFETIME_S
    assert AccessTokens(keyring).read(answer.json()["access_token"], MONDAY) == device.id


@pytest.mark.parametrize("seconds", [-300, 300])
def test_clocks_may_differ_by_five_minutes(client: TestClient, device: Device, seconds: int) -> None:
    elsewhere = (MONDAY + timedelta(seconds=seconds)).astimezone(timezone(timedelta(hours=5)))
    assert client.post(TOKEN_PATH, json=request(device, elsewhere)).status_code == 200


def test_all_refusals_are_alike(
    client: TestClient, system_database: Database, clock: FakeClock, keyring: Keyring, device: Device
) -> None:
    revoked = make_device(system_database, clock, keyring)
    with system_database.write() as session:
        revoke_device(session, clock, revoked.id)
    unsigned = to_base64(bytes(64))
    refused = [
        request(device, MONDAY, device_id=str(uuid4())),
        request(device, MONDAY, signature=unsigned),
        request(device, MONDAY, ts=(MONDAY + timedelta(seconds=1)).isoformat()),
        request(device, MONDAY + timedelta(seconds=301)),
        request(device, MONDAY - timedelta(seconds=301)),
        request(device, MONDAY.replace(tzinfo=None)),
        request(revoked, MONDAY),
    ]
    answers = [client.post(TOKEN_PATH, json=body) for body in refused]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1


def test_a_token_ends(keyring: Keyring) -> None:
    tokens, device_id = AccessTokens(keyring), uuid4()
    token = tokens.write(device_id, MONDAY)
    last = MONDAY + timedelta(seconds=ACCESS_TOKEN_LIFETIME_S - 1)
    assert tokens.read(token, last) == device_id
    with pytest.raises(DeviceRefusedError):
        tokens.read(token, last + timedelta(seconds=1))


@pytest.mark.parametrize("token", ["", "a", "é" * 20, "A" * 74, "A" * 75, "A" * 10_000, "....", "=" * 75])
def test_rubbish_is_refused(keyring: Keyring, token: str) -> None:
    with pytest.raises(DeviceRefusedError):
        AccessTokens(keyring).read(token, MONDAY)


def test_every_character_of_a_token_matters(keyring: Keyring) -> None:
    tokens = AccessTokens(keyring)
    token = tokens.write(uuid4(), datetime(2026, 1, 1, tzinfo=UTC))
    for place in range(len(token) - 1):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(DeviceRefusedError):
            tokens.read(token[:place] + other + token[place + 1 :], datetime(2026, 1, 1, tzinfo=UTC))


def test_another_servers_token_is_refused(keyring: Keyring) -> None:
    token = AccessTokens(Keyring(bytes(32))).write(uuid4(), MONDAY)
    with pytest.raises(DeviceRefusedError):
        AccessTokens(keyring).read(token, MONDAY)
