"""The drawn notice: all words inside, the button where it says, enough contrast to read."""

import pytest
from PIL import Image

from agent.notice.panel import BADGE_SIZE, WIDTH, draw_badge, draw_notice
from agent.notice.wording import BADGE_ON, BADGE_PAUSED, Wording, wording_for
from shared.taxonomy import AgeBand


def column_is_paper(picture: Image.Image, x: int) -> bool:
    return all(picture.getpixel((x, y)) == (255, 255, 255) for y in range(90, picture.height))


@pytest.mark.parametrize("band", [AgeBand.AGE_4_10, AgeBand.AGE_11_16, AgeBand.AGE_17_18])
def test_words_stay_inside_and_the_notice_fits_a_small_screen(band: AgeBand) -> None:
    picture = draw_notice(wording_for(band)).picture
    assert picture.width == WIDTH
    assert picture.height <= 740
    assert column_is_paper(picture, 20)
    assert column_is_paper(picture, WIDTH - 20)


def test_the_button_is_where_it_is_drawn() -> None:
    panel = draw_notice(wording_for(AgeBand.UNKNOWN))
    left, top, right, bottom = panel.button
    assert panel.is_on_button(left + 5, top + 5)
    for x, y in ((left - 1, top + 5), (left + 5, top - 1), (right, top + 5), (left + 5, bottom), (0, 0)):
        assert not panel.is_on_button(x, y)
    assert panel.picture.getpixel((left + 12, top + 12)) == (20, 61, 89)


def test_more_words_make_a_taller_notice() -> None:
    short = draw_notice(Wording("Title", ("One.",), "OK"))
    long = draw_notice(Wording("Title", ("One. " * 100,), "OK"))
    assert long.picture.height > short.picture.height + 100


def test_the_badge_shows_its_state() -> None:
    on, paused = draw_badge(BADGE_ON, is_on=True), draw_badge(BADGE_PAUSED, is_on=False)
    assert on.size == paused.size == BADGE_SIZE
    assert on.getpixel((15, 14)) != paused.getpixel((15, 14))
