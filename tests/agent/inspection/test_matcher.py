"""Terms between word boundaries, with their conditions, and a lexicon that is refused when wrong."""

import pytest

from agent.inspection.matcher import Found, LexiconError, Matcher, parse_lexicon
from agent.inspection.normaliser import normalise
from shared.taxonomy import Severity, Theme

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


def find(text: str, *context: str) -> Found:
    """What the little lexicon sees in ``text``."""
    return Matcher(LEXICON).find(normalise(text, LEXICON.words()), context)


def names(text: str, *context: str) -> list[str]:
    """The ids of the terms found."""
    return [match.term.id for match in find(text, *context).matches]


def test_slots_become_phrases_and_terms_carry_their_meaning() -> None:
    """One pattern, one phrase a word; apostrophes are folded like typed ones."""
    term = LEXICON.terms[0]
    assert term.phrases == ("dad hits me", "step dad hits me", "dont feel safe")
    assert (term.theme, term.severity, term.alone) == (Theme.ABUSE_DISCLOSURE, Severity.LEVEL_4, True)


def test_words_match_whole_or_not_at_all() -> None:
    """No match inside another word."""
    assert names("my dad hits me") == ["T05.hit"]
    assert names("my grandad hits men") == []
    assert names("my dad hits meadows") == []


def test_words_typed_as_one_match() -> None:
    """Leaving out the spaces does not hide a phrase."""
    assert names("mydadhitsme") == []
    assert names("dadhitsme sometimes") == ["T05.hit"]


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
    match = Matcher(LEXICON).find(normalised).matches[0]
    assert normalised.text[match.start : match.end] == " dad hits me "


def test_overlapping_terms_are_both_found() -> None:
    """Neighbouring phrases share the space between them."""
    assert names("dad hits me dont feel safe") == ["T05.hit", "T05.hit"]


def test_an_empty_lexicon_finds_nothing() -> None:
    """No terms, no matches, no error."""
    assert Matcher(parse_lexicon("")).find(normalise("anything")) == Found((), frozenset())


@pytest.mark.parametrize(
    "text",
    [
        "not toml [",
        '[[term]]\nid = "T05.x"\nlevel = 9\nweight = 1\nphrases = ["a"]',
        '[[term]]\nid = "T05.x"\nlevel = 4\nphrases = ["a"]',
        '[[term]]\nid = "Q1.x"\nlevel = 4\nweight = 1\nphrases = ["a"]',
        '[[term]]\nid = "T05.x"\nlevel = 4\nweight = 1\nphrases = ["{nobody} a"]',
        '[[term]]\nid = "T05.x"\nlevel = 4\nweight = 1\nneeds = ["nothing"]\nphrases = ["a"]',
        '[[term]]\nid = "T05.x"\nlevel = 4\nweight = 1\nphrases = ["a"]\n' * 2,
    ],
)
def test_a_wrong_lexicon_is_refused(text: str) -> None:
    """Broken syntax, levels, themes, slots, cues or doubled ids never load."""
    with pytest.raises(LexiconError):
        parse_lexicon(text)
