"""Words nobody writes are read as they were meant; words that people write are left alone."""

import pytest

from agent.inspection.normaliser import normalise
from agent.inspection.repair import Repairer
from agent.inspection.vocabulary import KnownWords

PHRASES = ("dont feel safe at home", "my stepdad hits me", "want to hurt myself", "discord")
WORDS = frozenset(word for phrase in PHRASES for word in phrase.split()) | {"i"}
PAIRS = {f"{a} {b}" for phrase in PHRASES for a, b in zip(phrase.split(), phrase.split()[1:], strict=False)}
ORDINARY = frozenset(
    ["and", "what", "should", "we", "read", "on", "the", "em", "lots", "of", "ta", "bus", "lst", "emoh", "ym"]
)
KNOWN = KnownWords(WORDS, ORDINARY - {"emoh", "ym"})


def repaired(text: str) -> str | None:
    """What a fresh repairer makes of ``text``."""
    found = Repairer(WORDS, PAIRS | {" discord"}, KNOWN).repaired(normalise(text, KNOWN))
    return None if found is None else found.text.strip()


@pytest.mark.parametrize(
    ("hidden", "meant"),
    [
        ("my setpdad hits me", "my stepdad hits me"),
        ("my stpdd hts me", "my stepdad hits me"),
        ("mystepdad hitsme", "my stepdad hits me"),
        ("dontfeelsafeathome", "dont feel safe at home"),
        ("my step dad htis me", "my stepdad hits me"),
        ("tnod leef efas ta emoh", "dont feel safe at home"),
        ("fpmy grr; dsgr sy jp,r", "dont feel safe at home"),
        ("want to hurt mmyself", "want to hurt myself"),
        ("dicsord", "discord"),
    ],
)
def test_what_was_meant_comes_out(hidden: str, meant: str) -> None:
    """Swapped, missing and doubled letters; joined, torn and backwards words; a hand one key aside."""
    assert repaired(hidden) == meant


@pytest.mark.parametrize(
    "text",
    [
        "what should we read on the bus",
        "lots of ta",
        "",
        "zxqv",
        "jan and zbigniew",
        "on the 15 bus",
        "x y z",
    ],
)
def test_ordinary_words_and_names_are_left_alone(text: str) -> None:
    """Nothing that leads to a phrase, nothing to repair."""
    assert repaired(text) is None


def test_a_repair_points_at_what_was_typed() -> None:
    """Offsets of a repaired word cover the typed one, whatever its length."""
    text = "so: my STPDD  hitsme, ok"
    found = Repairer(WORDS, PAIRS, KNOWN).repaired(normalise(text, KNOWN))
    assert found is not None
    start = found.text.index("stepdad hits me")
    first, last = found.span(start, start + len("stepdad hits me"))
    assert text[first:last] == "STPDD  hitsme"
    assert len(found.located()) == len(found.text)
    assert list(found.located()) == sorted(found.located())


def test_what_was_read_before_changes_nothing() -> None:
    """Memory of words is only memory."""
    one = Repairer(WORDS, PAIRS, KNOWN)
    texts = ["my setpdad hits me", "jan and zbigniew", "mystepdad hitsme", "what should we read"]
    first = [one.repaired(normalise(text, KNOWN)) for text in texts]
    assert [one.repaired(normalise(text, KNOWN)) for text in reversed(texts)] == first[::-1]
