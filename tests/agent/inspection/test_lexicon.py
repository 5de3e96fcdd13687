"""The written lexicon: slots become phrases, what is wrong is refused, and compiling repeats to the byte."""

import pytest

from agent.inspection.lexicon import LexiconError, compile_lexicon, parse_lexicon
from shared.taxonomy import Severity, Theme

WRITTEN = """
[slots]
kin = ["dad", "step dad"]
[cues]
home = ["at home", "my {kin}"]
[[term]]
id = "T05.hit"
level = 4
weight = 0.9
alone = true
phrases = ["{kin} hits me", "don't feel safe"]
"""


def test_slots_become_phrases_and_terms_carry_their_meaning() -> None:
    """One pattern, one phrase a word; apostrophes are folded like typed ones."""
    lexicon = parse_lexicon(WRITTEN)
    entry = lexicon.entries[0]
    assert entry.phrases == ("dad hits me", "step dad hits me", "dont feel safe")
    assert (entry.term.theme, entry.term.severity, entry.term.alone) == (
        Theme.ABUSE_DISCLOSURE,
        Severity.LEVEL_4,
        True,
    )
    assert lexicon.cues["home"] == ("at home", "my dad", "my step dad")
    assert {"step", "safe", "home"} <= lexicon.words()


def test_compiling_repeats_and_names_its_source() -> None:
    """The same lexicon, the same bytes; typical text changes only where things lie."""
    lexicon = parse_lexicon(WRITTEN)
    assert compile_lexicon(lexicon, source="a") == compile_lexicon(lexicon, source="a")
    assert compile_lexicon(lexicon, source="a") != compile_lexicon(lexicon, source="b")


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
