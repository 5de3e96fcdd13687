"""The restyling keeps the meaning: it shortens, slips and stretches, and never swaps one word for another."""

import random

import pytest

from models.corpus.texting import vary

TEXT = "i dont know why my dad gets so angry because i really try to help before tea"
SEEDS = range(300)


def hands(text: str, *, chatty: bool = True) -> set[str]:
    return {vary(text, random.Random(seed), chatty=chatty) for seed in SEEDS}


def test_the_same_seed_is_the_same_hand() -> None:
    assert vary(TEXT, random.Random(4), chatty=True) == vary(TEXT, random.Random(4), chatty=True)


def test_there_are_many_hands() -> None:
    written = hands(TEXT)
    assert len(written) > 100
    assert any("idk why" in text for text in written)
    assert any(" bc " in text or " cos " in text or " cuz " in text for text in written)
    assert any(text.startswith("I don't know") and text.endswith(".") for text in written)


def test_without_chat_there_are_no_chat_words() -> None:
    for text in hands(TEXT, chatty=False):
        assert not {"idk", "ngl", "tbh", "bc", "cuz", "b4"} & set(text.casefold().split())


@pytest.mark.parametrize("text", ["someone i dont know has my number", "they dont know and i dont know them"])
def test_idk_stands_only_where_a_pupil_would_write_it(text: str) -> None:
    assert not [one for one in hands(text) if "someone idk has" in one or "idk them" in one]


def test_a_slip_of_the_thumb_keeps_the_length_within_reason() -> None:
    for text in hands("everything", chatty=False):
        assert abs(len(text.rstrip(".")) - len("everything")) <= 1


@pytest.mark.parametrize("text", ["?", "ok", "i", "no!", "why..."])
def test_the_shortest_texts_survive(text: str) -> None:
    assert all(one.strip() for one in hands(text))


def test_no_slip_makes_a_swear_word_of_a_harmless_one() -> None:
    harmless = "country shirts shifted clocks counting"
    for text in hands(harmless, chatty=False):
        assert all(word in text.casefold() for word in harmless.split()), text
