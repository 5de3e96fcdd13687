"""Opens what lies sealed: an event's body, its screenshot, its moderator's message.

Whether the asker may see the event is row-level security's answer under the session's scope; the door
that calls this writes the AuditEntry in the same transaction. What comes out is never logged.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from server.evidence.blob_store import BlobMissingError, BlobStore
from server.evidence.domain import EventNotFoundError, event_aad, message_aad, screenshot_aad
from server.evidence.repository import find_body, find_evidence, find_key
from server.kit.sealing import Keyring, decrypt, encrypt
from shared.event import EventBody
from shared.wire import decode_body


def open_body(session: Session, keyring: Keyring, event_id: UUID) -> EventBody:
    """The body of an event the session may see.

    Raises EventNotFoundError, or ShreddedError once retention destroyed the key. ``account`` inside names
    the student's sign-in: show it only to those who keep the record.
    """
    sealed = find_body(session, event_id)
    if sealed is None:
        raise EventNotFoundError
    return decode_body(decrypt(_data_key(session, keyring, event_id), sealed, event_aad(event_id)))


def open_screenshot(
    session: Session, keyring: Keyring, blobs: BlobStore, event_id: UUID
) -> tuple[bytes, str] | None:
    """The screenshot and its content type; None if it has not arrived or its blob is gone."""
    found = find_evidence(session, event_id)
    if found is None:
        return None
    try:
        sealed = blobs.get(found.blob_name)
    except BlobMissingError:
        return None
    picture = decrypt(_data_key(session, keyring, event_id), sealed, screenshot_aad(event_id))
    return picture, found.content_type


def seal_message(session: Session, keyring: Keyring, event_id: UUID, message: str) -> bytes:
    """A moderator's message about an event, sealed under the event's data key."""
    return encrypt(_data_key(session, keyring, event_id), message.encode(), message_aad(event_id))


def open_message(session: Session, keyring: Keyring, event_id: UUID, sealed: bytes) -> str:
    """What ``seal_message`` closed."""
    return decrypt(_data_key(session, keyring, event_id), sealed, message_aad(event_id)).decode()


def _data_key(session: Session, keyring: Keyring, event_id: UUID) -> bytes:
    key = find_key(session, event_id)
    if key is None:
        raise EventNotFoundError
    return keyring.unwrap(key.key_id, key.wrapped)
