"""Pictures come from a child process whole, or not at all; the button is where it was drawn."""

import pytest

from agent.notice.drawing import BADGE_ON, BADGE_PAUSED, NOTICE, Drawing, DrawingError, draw, pack, unpack
from shared.taxonomy import AgeBand

DEEP = bytes((89, 61, 20))
"""The button's colour: blue, green, red."""


def test_the_notice_is_drawn_with_its_button() -> None:
    drawing = draw(NOTICE, AgeBand.AGE_11_16)
    left, top, _, _ = drawing.button
    at = ((top + 12) * drawing.width + left + 12) * 4
    assert drawing.pixels[at : at + 3] == DEEP
    assert len(drawing.pixels) == drawing.width * drawing.height * 4


def test_the_badges_differ() -> None:
    on, paused = draw(BADGE_ON), draw(BADGE_PAUSED)
    assert (on.width, on.height) == (paused.width, paused.height)
    assert on.pixels != paused.pixels


def test_points_on_and_off_the_button() -> None:
    drawing = Drawing(9, 9, b"", (2, 3, 5, 6))
    assert drawing.is_on_button(2, 3)
    assert not any(drawing.is_on_button(x, y) for x, y in ((1, 3), (2, 2), (5, 3), (2, 6), (0, 0)))


def test_only_a_whole_picture_is_read() -> None:
    drawing = Drawing(2, 1, b"12345678", (0, 0, 1, 1))
    assert unpack(pack(drawing)) == drawing
    with pytest.raises(ValueError, match="another size"):
        unpack(pack(drawing)[:-1])


def test_a_painter_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.notice.drawing._PAINTER", "agent.notice.no_such_painter")
    with pytest.raises(DrawingError):
        draw(BADGE_ON)
