"""What evidence may be, how it is bound to its event, and the errors of this room."""

from uuid import UUID

from server.kit.errors import InvalidError, NotFoundError
from shared.event import MAX_SCREENSHOT_BYTES

PNG = "image/png"
JPEG = "image/jpeg"
WEBP = "image/webp"


class EventNotFoundError(NotFoundError):
    """No such event, or not for this asker: never told apart."""

    code = "event_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such event.")


class ScreenshotRefusedError(InvalidError):
    """Not the screenshot its event promised, or not a picture we keep."""

    code = "screenshot_refused"


def body_aad(event_id: UUID) -> bytes:
    """What a device binds a sealed body to."""
    return b"body:" + str(event_id).encode()


def blob_aad(event_id: UUID) -> bytes:
    """What a device binds a sealed screenshot to."""
    return b"blob:" + str(event_id).encode()


def event_aad(event_id: UUID) -> bytes:
    """What a body at rest is bound to."""
    return b"event:" + str(event_id).encode()


def message_aad(event_id: UUID) -> bytes:
    """What a moderator's message at rest is bound to."""
    return b"message:" + str(event_id).encode()


def screenshot_aad(event_id: UUID) -> bytes:
    """What a screenshot at rest is bound to."""
    return b"screenshot:" + str(event_id).encode()


def picture_type(picture: bytes) -> str:
    """The content type of a screenshot, by its first bytes. Raises ScreenshotRefusedError.

    Only three raster formats: anything a browser could run as a document never becomes evidence.
    """
    if len(picture) > MAX_SCREENSHOT_BYTES:
        raise ScreenshotRefusedError(f"A screenshot may have {MAX_SCREENSHOT_BYTES} bytes.")
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if picture.startswith(b"\xff\xd8\xff"):
        return JPEG
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return WEBP
    raise ScreenshotRefusedError("A screenshot must be PNG, JPEG or WebP.")
