"""Has the notice and the badge drawn by a short-lived child process, so that no font stays in memory.

What comes back is ready for the screen: rows of blue, green, red and one byte of padding.
"""

import json
import subprocess
import sys
from dataclasses import dataclass

from shared.taxonomy import AgeBand

NOTICE, BADGE_ON, BADGE_PAUSED = "notice", "badge-on", "badge-paused"
BYTES_A_PIXEL = 4
_PAINTER = "agent.notice.panel"
_TIMEOUT_S = 30.0


class DrawingError(RuntimeError):
    """Nothing was drawn, so nothing can be shown and nothing may be read."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture and where its button is: left, top, right, bottom."""

    width: int
    height: int
    pixels: bytes
    button: tuple[int, int, int, int] = (0, 0, 0, 0)

    def is_on_button(self, x: int, y: int) -> bool:
        """Whether a point of the picture lies on the button."""
        left, top, right, bottom = self.button
        return left <= x < right and top <= y < bottom


def draw(what: str, band: AgeBand = AgeBand.UNKNOWN) -> Drawing:
    """NOTICE for ``band``, BADGE_ON or BADGE_PAUSED. Raises DrawingError."""
    command = (sys.executable, "-m", _PAINTER, what, band.value)
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, timeout=_TIMEOUT_S, check=True)
        return unpack(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError) as error:
        raise DrawingError(f"the {what} could not be drawn") from error


def pack(drawing: Drawing) -> bytes:
    """What ``unpack`` reads: a line of JSON, then the pixels."""
    head = {"width": drawing.width, "height": drawing.height, "button": drawing.button}
    return json.dumps(head).encode() + b"\n" + drawing.pixels


def unpack(raw: bytes) -> Drawing:
    """The drawing in ``raw``. Raises ValueError, KeyError or TypeError on anything else."""
    line, pixels = raw.split(b"\n", 1)
    head = json.loads(line)
    left, top, right, bottom = map(int, head["button"])
    drawing = Drawing(int(head["width"]), int(head["height"]), pixels, (left, top, right, bottom))
    if len(pixels) != drawing.width * drawing.height * BYTES_A_PIXEL:
        raise ValueError("a picture of another size")
    return drawing
