"""Only the device's own frames are unpacked, and one broken item never blocks another."""

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from server.enrolment.domain import DeviceRefusedError
from server.ingest.unpack import FrameTooLargeError, MalformedError, ProtocolError
from server.kit.db import Database
from shared.wire import (
    MAX_BATCH_ITEMS,
    MAX_FRAME_BYTES,
    EventItem,
    Result,
    encode,
)
from tests.kit.devices import Device
from tests.kit.ingest import Play, effects, letters, results, send


def signed(device: Device, body: dict[str, Any]) -> bytes:
    body["signature"] = ""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    body["signature"] = base64.b64encode(device.key.sign(b"lantern/batch/1\n" + canonical.encode())).decode()
    return json.dumps(body).encode()


def forged_signature(device: Device, item: EventItem) -> bytes:
    body = json.loads(device.batch(item))
    body["items"][0]["header"]["severity"] = 1
    return json.dumps(body).encode()


def without_signature(device: Device, item: EventItem) -> bytes:
    body = json.loads(device.batch(item))
    del body["signature"]
    return json.dumps(body).encode()


def anothers_name(device: Device, item: EventItem) -> bytes:
    return encode(device.frame(item, device_id=uuid4())).encode()


@pytest.mark.parametrize("forge", [forged_signature, without_signature, anothers_name])
def test_a_frame_that_is_not_the_devices_own_is_refused_whole(
    system_database: Database, play: Play, device: Device, forge: Callable[[Device, EventItem], bytes]
) -> None:
    item = device.item()
    with pytest.raises(DeviceRefusedError):
        send(play, device, forge(device, item))
    assert effects(system_database, item.header.id) == (0, 0, 0, 0)


def test_a_newer_agents_additional_fields_are_signed_and_ignored(
    system_database: Database, play: Play, device: Device
) -> None:
    item = device.item()
    body = json.loads(encode(device.frame(item)))
    body["items"][0]["header"]["mood"] = "new"
    body["signature"] = ""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    from_key = device.key.sign(b"lantern/batch/1\n" + canonical.encode())
    body["signature"] = base64.b64encode(from_key).decode()
    [ack] = send(play, device, json.dumps(body, indent=1).encode())
    assert results(ack) == [(item.header.id, Result.ACCEPTED, "")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("theme", "T77"),
        ("severity", 9),
        ("probability", 7.0),
        ("occurred_at", "yesterday"),
        ("evidence_sha256", {"a": 1}),
        ("schema", 10**9),
    ],
)
def test_a_header_this_server_cannot_read_is_refused_alone(
    system_database: Database, play: Play, device: Device, field: str, value: object
) -> None:
    good, strange = device.item(), device.item()
    body = json.loads(encode(device.frame(good, strange)))
    body["items"][1]["header"][field] = value
    [ack] = send(play, device, signed(device, body))
    assert results(ack) == [
        (good.header.id, Result.ACCEPTED, ""),
        (strange.header.id, Result.REJECTED, "bad_header"),
    ]
    assert letters(system_database, device) == [(strange.header.id, "bad_header")]


@pytest.mark.parametrize(
    "broken",
    [
        {"items": [{"header": {}}]},
        {"items": [7]},
        {"batch_id": "no"},
        {"items": "no"},
        {"sent_at": 4},
    ],
)
def test_a_frame_without_readable_ids_is_malformed(
    play: Play, device: Device, broken: dict[str, object]
) -> None:
    body = json.loads(encode(device.frame(device.item())))
    with pytest.raises(MalformedError):
        send(play, device, signed(device, {**body, **broken}))


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 200_000])
def test_what_is_no_json_object_is_malformed(play: Play, device: Device, raw: bytes) -> None:
    with pytest.raises(MalformedError):
        send(play, device, raw)


def test_another_protocol_version_is_told_so(play: Play, device: Device) -> None:
    body = json.loads(encode(device.frame(device.item())))
    with pytest.raises(ProtocolError):
        send(play, device, signed(device, {**body, "v": 2}))


def test_the_largest_batch_is_taken_and_one_more_is_not(
    system_database: Database, play: Play, device: Device
) -> None:
    items = [device.item() for _ in range(MAX_BATCH_ITEMS)]
    [ack] = send(play, device, device.batch(*items))
    assert {one[1] for one in results(ack)} == {Result.ACCEPTED}
    assert len(ack.results) == MAX_BATCH_ITEMS
    with pytest.raises(FrameTooLargeError):
        send(play, device, device.batch(*items, device.item()))
    with pytest.raises(FrameTooLargeError):
        send(play, device, b"{" + b" " * MAX_FRAME_BYTES)


def test_a_heartbeat_in_anothers_name_is_refused(play: Play, device: Device) -> None:
    with pytest.raises(DeviceRefusedError):
        send(play, device, device.heartbeat(device_id=uuid4()))
