"""Terms between word boundaries, with their conditions, and a lexicon that is refused when wrong."""

import pytest

from agent.inspection.lexicon import compile_lexicon, parse_lexicon
from agent.inspection.matcher import NOTHING_FOUND, Found, Matcher, PhrasesError, parse_phrases
from agent.inspection.normaliser import normalise
from agent.inspection.vocabulary import KnownWords

LEXICON = parse_lexicon(
    """
[slots]
kin = ["dad", "step dad"]
[cues]
game = ["minecraft"]
home = ["at home", "my {kin}"]
[[term]]
id = "T05.hit"
level = 4
weight = 0.9
alone = true
unless = ["game"]
phrases = ["{kin} hits me", "don't feel safe"]
[[term]]
id = "T05.he"
level = 3
weight = 0.5
needs = ["home"]
phrases = ["he hits me"]
"""
)


TABLE = compile_lexicon(LEXICON, source="made here")
MATCHER = Matcher(parse_phrases(TABLE))


def find(text: str, *context: str) -> Found:
    """What the little lexicon sees in ``text``."""
    return MATCHER.find(normalise(text, KnownWords(LEXICON.words())), context)


def names(text: str, *context: str) -> list[str]:
    """The ids of the terms found."""
    return [match.term.id for match in find(text, *context).matches]


def test_words_match_whole_or_not_at_all() -> None:
    """No match inside another word."""
    assert names("my dad hits me") == ["T05.hit"]
    assert names("my grandad hits men") == []
    assert names("my dad hits meadows") == []


def test_an_exclusion_silences_a_term() -> None:
    """The same words in a game are not a disclosure."""
    assert names("my dad hits me in minecraft") == []


def test_a_need_may_be_met_by_the_context() -> None:
    """Who "he" is was typed a moment before."""
    assert names("he hits me") == []
    assert names("he hits me at home") == ["T05.he"]
    assert names("he hits me", "my dad is back from the pub") == ["T05.he"]
    assert names("he hits me", "my goalkeeper is back") == []


def test_offsets_are_characters_even_beyond_ascii() -> None:
    """Bytes of the automaton become characters of the folded text."""
    normalised = normalise("日本 🙂 my dad hits me")
    match = MATCHER.find(normalised).matches[0]
    assert normalised.text[match.start : match.end] == " dad hits me "


def test_overlapping_terms_are_both_found() -> None:
    """Neighbouring phrases share the space between them."""
    assert names("dad hits me dont feel safe") == ["T05.hit", "T05.hit"]


def test_an_empty_lexicon_finds_nothing() -> None:
    """No terms, no matches, no error."""
    empty = Matcher(parse_phrases(compile_lexicon(parse_lexicon(""), source="")))
    assert empty.find(normalise("anything")) == NOTHING_FOUND


def test_the_table_carries_terms_words_and_its_source() -> None:
    """What a device needs of the lexicon, and nothing of how it was written."""
    phrases = parse_phrases(TABLE)
    assert phrases.source == "made here"
    assert phrases.terms == tuple(entry.term for entry in LEXICON.entries)
    assert phrases.words == LEXICON.words()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: b"x" + raw,
        lambda raw: raw[:-1],
        lambda raw: raw[:40],
        lambda raw: raw + b"1",
        lambda raw: raw.replace(b"T05", b"Q05"),
        lambda raw: raw.replace(b'"lengths"', b'"lengthy"'),
    ],
)
def test_broken_tables_are_refused(spoil: object) -> None:
    """Wrong magic, missing or extra bytes, unknown themes."""
    assert callable(spoil)
    with pytest.raises(PhrasesError):
        parse_phrases(spoil(TABLE))
