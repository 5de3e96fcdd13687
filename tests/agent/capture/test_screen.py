"""The picture of a flagged window: small enough, of the right window, or not at all."""

import io
import random
from dataclasses import replace

import pytest
from PIL import Image

from agent.capture.desktop import Region
from agent.capture.screen import compress, grab_window
from shared.event import MAX_SCREENSHOT_BYTES
from tests.kit.passages import CHAT
from tests.kit.senses import FakeDesktop


@pytest.mark.parametrize("size", [(640, 480), (1280, 800), (1920, 1080), (3840, 2160), (300, 4000)])
def test_even_noise_fits(size: tuple[int, int]) -> None:
    noise = Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3))
    jpeg = compress(noise)
    assert jpeg is not None
    assert len(jpeg) <= MAX_SCREENSHOT_BYTES
    assert Image.open(io.BytesIO(jpeg)).format == "JPEG"


def test_an_ordinary_window_keeps_its_size() -> None:
    jpeg = compress(Image.new("RGB", (900, 600), "white"))
    assert jpeg is not None
    assert Image.open(io.BytesIO(jpeg)).size == (900, 600)


def test_no_picture_of_a_window_that_is_gone_or_secret() -> None:
    desktop = FakeDesktop()
    assert grab_window(desktop, CHAT) is None
    desktop.regions[CHAT.window_id] = Region(0, 0, 10, 10)
    assert grab_window(desktop, replace(CHAT, is_secret=True)) is None
