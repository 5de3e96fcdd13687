"""Pictures by their first bytes, and contexts that cannot be confused."""

from uuid import UUID

import pytest

from server.evidence.domain import (
    ScreenshotRefusedError,
    blob_aad,
    body_aad,
    event_aad,
    message_aad,
    picture_type,
    screenshot_aad,
)
from shared.event import MAX_SCREENSHOT_BYTES

EVENT_ID = UUID("0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b")


def test_each_context_is_its_own_and_carries_the_event() -> None:
    contexts = [make(EVENT_ID) for make in (body_aad, blob_aad, event_aad, message_aad, screenshot_aad)]
    assert contexts[0] == b"body:0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"
    assert contexts[1] == b"blob:0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"
    assert len(set(contexts)) == 5


@pytest.mark.parametrize("picture", [b"", b"\x89PN", b"<html>", b"RIFF1234WEB", b"\xff\xd8", bytes(100)])
def test_what_is_no_picture(picture: bytes) -> None:
    with pytest.raises(ScreenshotRefusedError):
        picture_type(picture)


def test_the_limit_is_exact() -> None:
    jpeg = b"\xff\xd8\xff" + bytes(MAX_SCREENSHOT_BYTES - 3)
    assert picture_type(jpeg) == "image/jpeg"
    with pytest.raises(ScreenshotRefusedError):
        picture_type(jpeg + b"\x00")
