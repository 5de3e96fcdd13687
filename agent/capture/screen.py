"""One picture of the window a Flag came from, made only after that Flag, small enough to send.

It is a picture of the screen's region: where another window overlaps, that window is in it. If the
student has already gone to another window there is no picture at all.
"""

import io

import mss
from PIL import Image

from agent.capture.desktop import Desktop
from agent.inspection.buffer import Focus
from shared.event import MAX_SCREENSHOT_BYTES

_LONG_SIDE_PX = 1_280
_ATTEMPTS = ((1, 60), (1, 40), (2, 50), (3, 40), (4, 30))
"""(reduction, JPEG quality), tried in order until one fits."""


def grab_window(desktop: Desktop, focus: Focus) -> bytes | None:
    """A JPEG of the window of ``focus``, at most MAX_SCREENSHOT_BYTES; None if it is no longer in front."""
    region = desktop.region_of(focus.window_id)
    if region is None or focus.is_secret:
        return None
    with mss.MSS() as screen:
        shot = screen.grab(
            {"left": region.left, "top": region.top, "width": region.width, "height": region.height}
        )
    picture = Image.frombytes("RGB", shot.size, shot.bgra, "raw", "BGRX")
    return compress(picture)


def compress(picture: Image.Image) -> bytes | None:
    """``picture`` as JPEG within the limit; None if even the coarsest attempt is too large."""
    whole = max(1, -(-max(picture.size) // _LONG_SIDE_PX))
    for factor, quality in _ATTEMPTS:
        out = io.BytesIO()
        picture.reduce(whole * factor).save(out, "JPEG", quality=quality)
        if out.tell() <= MAX_SCREENSHOT_BYTES:
            return out.getvalue()
    return None
