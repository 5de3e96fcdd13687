"""What is read quickly is read exactly as it is read carefully, or not quickly at all."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from server.ingest.quick_json import read_body, read_events, write
from server.kit.clock import SystemClock
from server.kit.db import Database
from server.kit.sealing import Keyring
from shared.device_policy import DevicePolicy
from shared.event import ContextPassage
from shared.wire import (
    AckFrame,
    FrameError,
    ItemResult,
    Result,
    WelcomeFrame,
    decode,
    decode_body,
    encode,
    encode_body,
)
from tests.kit.clock import MONDAY
from tests.kit.devices import Device, a_body, make_device

BODY = encode_body(replace(a_body(), context=(ContextPassage("earlier", MONDAY),)))


@pytest.fixture(scope="module")
def device(system_database: Database) -> Device:
    return make_device(system_database, SystemClock(), Keyring(bytes(range(32))))


def changed(raw: bytes, path: tuple[Any, ...], value: Any) -> bytes:
    """The same JSON with one value replaced, or taken away where it is Ellipsis."""
    body = json.loads(raw)
    place = body
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_our_own_batches_are_read_quickly_and_alike(device: Device) -> None:
    for count in (0, 1, 20):
        raw = device.batch(*(device.item() for _ in range(count)))
        assert read_events(raw) == decode(raw)


@pytest.mark.parametrize(
    "field", "id occurred_at theme severity probability pack_version reasons schema".split()
)
@pytest.mark.parametrize(
    "value",
    [
        ...,
        None,
        "",
        "x" * 100,
        0,
        1,
        7,
        -1,
        1.5,
        40_000,
        True,
        [],
        ["r" * 81],
        ["r"] * 33,
        {},
        "\x00",
        "2026-11-16T09:00:00",
    ],
)
def test_an_odd_header_is_never_read_otherwise(device: Device, field: str, value: Any) -> None:
    raw = changed(device.batch(device.item()), ("items", 0, "header", field), value)
    quick = read_events(raw)
    try:
        careful = decode(raw)
    except FrameError:
        assert quick is None
    else:
        assert quick is None or quick == careful


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("v",), 2),
        (("t",), "heartbeat"),
        (("sent_at",), "2026-11-16T09:00:00"),
        (("device_id",), "nobody"),
        (("items",), [{}] * 65),
        (("items", 0, "sealed_body"), 5),
        (("later",), {"added": "by a newer agent"}),
    ],
)
def test_an_odd_frame_is_never_read_otherwise(device: Device, path: tuple[Any, ...], value: Any) -> None:
    raw = changed(device.batch(device.item()), path, value)
    quick = read_events(raw)
    try:
        careful = decode(raw)
    except FrameError:
        assert quick is None
    else:
        assert quick is None or quick == careful


def test_more_items_than_a_batch_may_have_are_left_to_the_careful_reader(device: Device) -> None:
    assert read_events(device.batch(*(device.item() for _ in range(65)))) is None


def test_what_is_escaped_is_left_to_the_careful_reader(device: Device) -> None:
    raw = device.batch(device.item(reasons=("a\x01b",)))
    assert b"\\u" in raw
    assert read_events(raw) is None
    assert read_body(BODY.replace(b"Untitled", b"Unti\\u0000tled")) is None


@pytest.mark.parametrize(
    "raw",
    [
        BODY,
        changed(BODY, ("passage",), "x" * 4_001),
        changed(BODY, ("passage",), 5),
        changed(BODY, ("account",), ...),
        changed(BODY, ("marks", 0, "theme"), "T99"),
        changed(BODY, ("marks", 0, "start"), "1"),
        changed(BODY, ("context", 0, "typed_at"), "2026-11-16T09:00:00"),
        changed(BODY, ("context",), [{"text": "x", "typed_at": "2026-11-16T09:00:00+00:00"}] * 21),
        changed(BODY, ("host",), ...),
        changed(BODY, ("later",), 1),
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_a_body_is_never_read_otherwise(raw: bytes) -> None:
    quick = read_body(raw)
    try:
        careful = decode_body(raw)
    except (FrameError, RecursionError):
        assert quick is None
    else:
        assert quick is None or quick == careful


def test_an_ordinary_body_is_read_quickly() -> None:
    assert read_body(BODY) is not None


def test_answers_are_written_alike() -> None:
    results = (ItemResult(uuid4(), Result.ACCEPTED), ItemResult(uuid4(), Result.REJECTED, "bad_seal"))
    for ack in (AckFrame(uuid4(), ()), AckFrame(uuid4(), results)):
        assert write(ack) == encode(ack)
    welcome = WelcomeFrame(1, datetime(2026, 11, 16, tzinfo=UTC), 60, {"version": DevicePolicy().version})
    assert write(welcome) == encode(welcome)
