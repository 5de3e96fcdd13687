"""The notice says what it must, in words of the age."""

import re

import pytest

from agent.notice.wording import wording_for
from shared.taxonomy import AgeBand


@pytest.mark.parametrize("band", list(AgeBand))
def test_every_band_says_what_who_and_where_to_turn(band: AgeBand) -> None:
    text = " ".join(wording_for(band).paragraphs).lower()
    for needed in ("type", "password" if band is AgeBand.AGE_4_10 else "sign", "picture", "object"):
        assert (
            needed in text
            or (needed == "picture" and "image" in text)
            or (needed == "object" and "do not like it" in text)
        )
    assert re.search(r"0800 1111|116 123", text)
    assert wording_for(band).button == "I understand"


def test_bands_have_their_own_words_and_the_unknown_gets_the_middle() -> None:
    titles = [wording_for(band).title for band in (AgeBand.AGE_4_10, AgeBand.AGE_11_16, AgeBand.AGE_17_18)]
    assert len(set(titles)) == 3
    assert wording_for(AgeBand.UNKNOWN) == wording_for(AgeBand.AGE_11_16)


def test_the_youngest_read_short_sentences_of_short_words() -> None:
    sentences = re.split(r"[.!?:]\s", " ".join(wording_for(AgeBand.AGE_4_10).paragraphs))
    words = [word for sentence in sentences for word in sentence.split()]
    assert len(words) / len(sentences) < 15
    assert sum(len(word) > 9 for word in words) / len(words) < 0.03
