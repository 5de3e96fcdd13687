"""Only the promised picture of the own event is kept, once, in three formats, up to the limit."""

from uuid import uuid4

import pytest

from server.evidence.blob_store import FolderBlobStore
from server.evidence.domain import EventNotFoundError, ScreenshotRefusedError
from server.evidence.store_screenshot import SentScreenshot, store_screenshot
from server.evidence.view import open_screenshot
from server.kit.db import Database
from server.kit.sealing import Keyring
from shared.event import MAX_SCREENSHOT_BYTES
from tests.kit.clock import FakeClock
from tests.kit.devices import Device, make_device
from tests.kit.evidence import Make
from tests.kit.ingest import deliver


@pytest.mark.parametrize(
    ("picture", "content_type"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(MAX_SCREENSHOT_BYTES - 8), "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(100), "image/webp"),
    ],
)
def test_three_formats_are_kept_up_to_the_limit(
    system_database: Database,
    keyring: Keyring,
    blobs: FolderBlobStore,
    receive: Make,
    picture: bytes,
    content_type: str,
) -> None:
    event_id = receive(picture=picture)
    with system_database.read() as session:
        assert open_screenshot(session, keyring, blobs, event_id) == (picture, content_type)


@pytest.mark.parametrize(
    "picture",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(MAX_SCREENSHOT_BYTES - 7),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(20),
        b"%PDF-1.7",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"",
    ],
)
def test_other_pictures_are_refused(receive: Make, picture: bytes) -> None:
    with pytest.raises(ScreenshotRefusedError):
        receive(picture=picture or b"x")


def test_only_the_promised_screenshot_of_the_own_event_is_taken(
    system_database: Database,
    clock: FakeClock,
    keyring: Keyring,
    blobs: FolderBlobStore,
    device: Device,
    receive: Make,
) -> None:
    event_id = receive()
    sha256, sealed = device.screenshot(event_id)
    other = make_device(system_database, clock, keyring)
    cases: list[tuple[SentScreenshot, type[Exception]]] = [
        (SentScreenshot(device.id, event_id, sha256, sealed), ScreenshotRefusedError),
        (SentScreenshot(device.id, event_id, sha256, sealed + b"x"), ScreenshotRefusedError),
        (SentScreenshot(device.id, uuid4(), sha256, sealed), EventNotFoundError),
        (SentScreenshot(other.id, event_id, sha256, sealed), EventNotFoundError),
    ]
    for sent, error in cases:
        with pytest.raises(error), system_database.write() as session:
            store_screenshot(session, clock, sent, keyring=keyring, blobs=blobs)


def test_a_screenshot_waits_for_its_event_and_is_kept_once(
    system_database: Database,
    system_url: str,
    clock: FakeClock,
    keyring: Keyring,
    blobs: FolderBlobStore,
    device: Device,
) -> None:
    event_id = device.item().header.id
    sha256, sealed = device.screenshot(event_id)
    sent = SentScreenshot(device.id, event_id, sha256, sealed)
    with pytest.raises(EventNotFoundError), system_database.write() as session:
        store_screenshot(session, clock, sent, keyring=keyring, blobs=blobs)
    deliver(
        system_url,
        keyring,
        clock,
        device,
        device.batch(device.item(event_id=event_id, evidence_sha256=sha256)),
    )
    for is_new in (True, False):
        with system_database.write() as session:
            assert store_screenshot(session, clock, sent, keyring=keyring, blobs=blobs) is is_new
