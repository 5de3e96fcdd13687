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
    picture, _ = draw_notice(wording_for(band))
    assert picture.width == WIDTH
    assert picture.height <= 740
    assert column_is_paper(picture, 20)
    assert column_is_paper(picture, WIDTH - 20)


def test_the_button_is_where_it_is_drawn() -> None:
    picture, (left, top, right, bottom) = draw_notice(wording_for(AgeBand.UNKNOWN))
    assert left < right <= WIDTH
    assert top < bottom <= picture.height
    assert picture.getpixel((left + 12, top + 12)) == (20, 61, 89)


def test_more_words_make_a_taller_notice() -> None:
    short, _ = draw_notice(Wording("Title", ("One.",), "OK"))
    long, _ = draw_notice(Wording("Title", ("One. " * 100,), "OK"))
    assert long.height > short.height + 100


def test_the_badge_shows_its_state() -> None:
    on, paused = draw_badge(BADGE_ON, is_on=True), draw_badge(BADGE_PAUSED, is_on=False)
    assert on.size == paused.size == BADGE_SIZE
    assert on.getpixel((15, 14)) != paused.getpixel((15, 14))
