"""Draws the notice and the badge; a child process of the agent's, ended when it has drawn.

``python -m agent.notice.panel notice|badge-on|badge-paused AGE_BAND`` writes the packed drawing to stdout.
"""

import sys
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from agent.notice.drawing import BADGE_ON, NOTICE, Drawing, pack
from agent.notice.wording import BADGE_ON as WORDS_ON
from agent.notice.wording import BADGE_PAUSED as WORDS_PAUSED
from agent.notice.wording import Wording, wording_for
from shared.taxonomy import AgeBand

WIDTH = 640
_MARGIN = 36
_BAND = 84
_INK = (28, 37, 48)
_SOFT_INK = (66, 78, 92)
_PAPER = (255, 255, 255)
_DEEP = (20, 61, 89)
_LIGHT = (255, 196, 61)
_GREEN = (88, 201, 122)
_GREY = (150, 158, 168)
_LEAD = 23
_PARAGRAPH_GAP = 11
BADGE_SIZE = (148, 28)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@lru_cache(maxsize=4)
def _font(size: int) -> Font:
    return ImageFont.load_default(size)


def draw_notice(wording: Wording) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """The whole notice, as tall as its words need, and where its button is: left, top, right, bottom."""
    body, inner = _font(16), WIDTH - 2 * _MARGIN
    blocks = [_wrapped(text, body, inner) for text in wording.paragraphs]
    text_height = sum(len(lines) * _LEAD + _PARAGRAPH_GAP for lines in blocks)
    height = _BAND + 24 + text_height + 92
    picture = Image.new("RGB", (WIDTH, height), _PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, WIDTH, _BAND), fill=_DEEP)
    _lantern(pen, _MARGIN, 20)
    pen.text((_MARGIN + 46, _BAND // 2), wording.title, font=_font(21), fill=_PAPER, anchor="lm")
    y = _BAND + 24
    for lines in blocks:
        for line in lines:
            pen.text((_MARGIN, y), line, font=body, fill=_INK)
            y += _LEAD
        y += _PARAGRAPH_GAP
    button = (WIDTH - _MARGIN - 176, height - 66, WIDTH - _MARGIN, height - 22)
    pen.rounded_rectangle(button, radius=8, fill=_DEEP, outline=_LIGHT, width=3)
    middle = ((button[0] + button[2]) // 2, (button[1] + button[3]) // 2)
    pen.text(middle, wording.button, font=_font(17), fill=_PAPER, anchor="mm")
    pen.text((_MARGIN, middle[1]), "Press Enter or click.", font=_font(14), fill=_SOFT_INK, anchor="lm")
    return picture, button


def draw_badge(text: str, *, is_on: bool) -> Image.Image:
    """The small sign that stays on the screen."""
    picture = Image.new("RGB", BADGE_SIZE, _DEEP)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((10, 9, 20, 19), fill=_GREEN if is_on else _GREY)
    pen.text((28, BADGE_SIZE[1] // 2), text, font=_font(14), fill=_PAPER, anchor="lm")
    return picture


def _lantern(pen: ImageDraw.ImageDraw, x: int, y: int) -> None:
    pen.arc((x + 6, y - 6, x + 24, y + 14), 180, 360, fill=_PAPER, width=2)
    pen.rounded_rectangle((x + 2, y + 6, x + 28, y + 44), radius=5, outline=_PAPER, width=2)
    pen.ellipse((x + 8, y + 16, x + 22, y + 36), fill=_LIGHT)


def _wrapped(text: str, font: Font, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def main(what: str, band: AgeBand) -> None:
    """Draw ``what`` and write it to stdout."""
    button = (0, 0, 0, 0)
    if what == NOTICE:
        picture, button = draw_notice(wording_for(band))
    else:
        is_on = what == BADGE_ON
        picture = draw_badge(WORDS_ON if is_on else WORDS_PAUSED, is_on=is_on)
    pixels = picture.tobytes("raw", "BGRX")
    sys.stdout.buffer.write(pack(Drawing(picture.width, picture.height, pixels, button)))


if __name__ == "__main__":
    main(sys.argv[1], AgeBand(sys.argv[2]))
