"""Opens an event for the moderator who holds it. Every opening is an AuditEntry in the same transaction.

What comes out names nobody: the sign-in account inside the body stays behind.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from server.access.scope import Actor
from server.audit.write import write_audit
from server.evidence.blob_store import BlobStore
from server.evidence.view import open_body, open_screenshot
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.sealing import Keyring
from server.live_queue.domain import ScreenshotMissingError, lost
from server.live_queue.repository import HeldEvent, count_earlier, find_held, standing_of
from shared.event import EventBody

EARLIER_SPAN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class OpenedEvent:
    """What a moderator reads."""

    held: HeldEvent
    body: EventBody
    earlier_events: int


def open_event(
    session: WriteSession, actor: Actor, clock: Clock, *, keyring: Keyring, event_id: UUID
) -> OpenedEvent:
    """The passage, its context and what is known without a name. Raises ClaimLostError unless held."""
    held = _held(session, actor, event_id)
    body = open_body(session, keyring, event_id)
    now = clock.now()
    earlier = (
        count_earlier(session, event_id, student_id=held.student_id, since=now - EARLIER_SPAN, until=now)
        if held.student_id
        else 0
    )
    _audit(session, actor, held, "read_event")
    return OpenedEvent(held, body, earlier)


def open_held_screenshot(
    session: WriteSession, actor: Actor, *, keyring: Keyring, blobs: BlobStore, event_id: UUID
) -> tuple[bytes, str]:
    """The screenshot and its content type. Raises ClaimLostError unless held, ScreenshotMissingError."""
    held = _held(session, actor, event_id)
    found = open_screenshot(session, keyring, blobs, event_id)
    if found is None:
        raise ScreenshotMissingError
    _audit(session, actor, held, "read_screenshot")
    return found


def _held(session: WriteSession, actor: Actor, event_id: UUID) -> HeldEvent:
    held = find_held(session, actor, event_id)
    if held is None:
        raise lost(standing_of(session, actor, event_id))
    return held


def _audit(session: WriteSession, actor: Actor, held: HeldEvent, verb: str) -> None:
    write_audit(
        session,
        actor,
        verb=verb,
        subject_kind="event",
        subject_id=held.event_id,
        trust_id=held.trust_id,
        academy_id=held.academy_id,
    )
