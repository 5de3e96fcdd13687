"""Spot checks of the generator: each disguise does what its name says."""

from random import Random

import pytest

from models.disguises import FAMILIES, UNSEEN


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fullwidth", "\uff44\uff41\uff44"),
        ("spaced letters", "d a d"),
        ("dotted letters", "d.a.d"),
        ("enclosed letters", "\u24d3\u24d0\u24d3"),
        ("backwards words", "dad"),
        ("hand one key aside", "fsf"),
    ],
)
def test_disguises_are_what_they_are_called(name: str, expected: str) -> None:
    """One small word."""
    assert FAMILIES[name]("dad", Random(1)) == expected


def test_short_words_are_not_slipped() -> None:
    """A swap or a lost vowel needs four letters."""
    assert FAMILIES["swapped letters"]("my dad", Random(1)) == "my dad"
    assert sorted(FAMILIES["swapped letters"]("stepdad", Random(1))) == sorted("stepdad")
    assert len(FAMILIES["dropped vowel"]("stepdad", Random(1))) == 6
    assert UNSEEN["torn words"]("my stepdad", Random(1)).count(" ") == 2
