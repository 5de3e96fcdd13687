"""Takes a device's sealed screenshot, proves that it is the one its event promised, and keeps it re-sealed."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from server.evidence.blob_store import BlobStore
from server.evidence.domain import (
    EventNotFoundError,
    ScreenshotRefusedError,
    blob_aad,
    picture_type,
    screenshot_aad,
)
from server.evidence.repository import find_evidence, find_key, insert_evidence
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.sealing import Keyring, SealError, encrypt


@dataclass(frozen=True, slots=True)
class SentScreenshot:
    """What a device sent: the sealed bytes, the name it gave them, and the event they belong to."""

    device_id: UUID
    event_id: UUID
    sha256: str
    sealed: bytes


def store_screenshot(
    session: WriteSession, clock: Clock, sent: SentScreenshot, *, keyring: Keyring, blobs: BlobStore
) -> bool:
    """Keep the screenshot; True if it is new, False if it was here already.

    Raises EventNotFoundError while the event is not here or is another device's (the agent tries again),
    ScreenshotRefusedError when it can never be accepted.
    """
    if hashlib.sha256(sent.sealed).hexdigest() != sent.sha256:
        raise ScreenshotRefusedError("The screenshot's hash is not the one in its address.")
    key = find_key(session, sent.event_id)
    if key is None or key.device_id != sent.device_id:
        raise EventNotFoundError
    if key.evidence_sha256 != sent.sha256:
        raise ScreenshotRefusedError("The event did not announce this screenshot.")
    if find_evidence(session, sent.event_id) is not None:
        return False
    try:
        picture = keyring.open_sealed(sent.sealed, blob_aad(sent.event_id))
    except SealError as error:
        raise ScreenshotRefusedError("The screenshot's seal does not open.") from error
    content_type = picture_type(picture)
    data_key = keyring.unwrap(key.key_id, key.wrapped)
    # The blob is durable before the row that names it: a row never points at nothing.
    blob_name = blobs.put(encrypt(data_key, picture, screenshot_aad(sent.event_id)))
    return insert_evidence(
        session,
        key,
        blob_name=blob_name,
        content_type=content_type,
        size_bytes=len(picture),
        at=clock.now(),
    )
