"""An enrolled device, and events that arrive for real."""

from uuid import UUID

import pytest

from server.evidence.blob_store import FolderBlobStore
from server.evidence.store_screenshot import SentScreenshot, store_screenshot
from server.kit.db import Database
from server.kit.sealing import Keyring
from tests.kit.clock import FakeClock
from tests.kit.devices import PNG, Device, make_device
from tests.kit.evidence import Make, raise_alert
from tests.kit.ingest import deliver


@pytest.fixture
def device(system_database: Database, clock: FakeClock, keyring: Keyring) -> Device:
    return make_device(system_database, clock, keyring)


@pytest.fixture
def receive(
    system_url: str,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    blobs: FolderBlobStore,
    device: Device,
) -> Make:
    """Lets an event arrive for real, with a screenshot unless told otherwise, and an alert if wanted."""

    def arrive(*, picture: bytes | None = PNG, alert: bool = False) -> UUID:
        event_id = device.item().header.id
        sha256, sealed = device.screenshot(event_id, picture or PNG)
        raw = device.batch(device.item(event_id=event_id, evidence_sha256=sha256 if picture else None))

        deliver(system_url, keyring, clock, device, raw)
        if picture:
            sent = SentScreenshot(device.id, event_id, sha256, sealed)
            with system_database.write() as session:
                assert store_screenshot(session, clock, sent, keyring=keyring, blobs=blobs)
        if alert:
            raise_alert(system_database, device.academy, event_id)
        return event_id

    return arrive
