"""The HTTPS carrier and the screenshots' door over a real socket; their errors are frames under a status."""

import json

import pytest
from fastapi import FastAPI

from shared.wire import (
    BATCH_PATH,
    BLOB_PATH,
    MAX_FRAME_BYTES,
    ErrorFrame,
    decode,
)
from tests.kit.devices import Device
from tests.kit.ingest import call


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 422, "malformed"),
        (b'{"v":9}', 409, "protocol"),
        (b" " * (MAX_FRAME_BYTES + 1), 413, "too_large"),
    ],
)
def test_https_errors_are_frames_under_their_status(
    address: str, device: Device, body: bytes, status: int, code: str
) -> None:
    got, answer, _ = call(address, "POST", BATCH_PATH, body, device.bearer())
    assert (got, decode(answer)) == (status, ErrorFrame(code, False))


def test_when_nothing_can_be_stored_the_device_is_told_to_wait(
    app: FastAPI, address: str, device: Device
) -> None:
    app.state.receiver.writer._max_waiting = 0
    status, body, headers = call(address, "POST", BATCH_PATH, device.batch(device.item()), device.bearer())
    assert (status, decode(body)) == (503, ErrorFrame("unavailable", True))
    assert int(headers["Retry-After"]) > 0


def test_a_screenshot_travels_before_and_after_its_event(address: str, device: Device) -> None:
    item = device.item()
    sha256, sealed = device.screenshot(item.header.id)
    item = device.item(event_id=item.header.id, evidence_sha256=sha256)
    path = f"{BLOB_PATH}{sha256}?event_id={item.header.id}"
    early, body, _ = call(address, "PUT", path, sealed, device.bearer())
    assert (early, json.loads(body)["code"]) == (404, "event_not_found")
    assert call(address, "POST", BATCH_PATH, device.batch(item), device.bearer())[0] == 200
    assert call(address, "PUT", path, sealed, device.bearer())[0] == 201
    assert call(address, "PUT", path, sealed, device.bearer())[0] == 200
    assert call(address, "PUT", path, sealed + b"x", device.bearer())[0] == 422
    assert call(address, "PUT", path, bytes(300 * 1024), device.bearer())[0] == 413
    assert call(address, "PUT", path, sealed, {})[0] == 401
    assert call(address, "PUT", f"{BLOB_PATH}{sha256}", sealed, device.bearer())[0] == 422
    assert (
        call(address, "PUT", f"{BLOB_PATH}{'z' * 64}?event_id={item.header.id}", b"", device.bearer())[0]
        == 422
    )
