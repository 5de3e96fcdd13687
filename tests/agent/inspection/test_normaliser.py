"""Folding: what hides a word is undone, ordinary text is left alone, and every offset leads back."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.inspection import normaliser
from agent.inspection.normaliser import normalise
from agent.inspection.vocabulary import KnownWords

WORDS = frozenset({"kill", "myself", "feel", "safe", "at", "home", "help", "want", "to", "die", "sad"})
KNOWN = KnownWords(WORDS)


@pytest.mark.parametrize(
    "hidden",
    [
        "FEEL SAFE",
        "ｆｅｅｌ ｓａｆｅ",
        "f\u200beel sa\u200dfe",
        "féèl sàfe",
        "f̴e̴e̴l̴ s̴a̴f̴e̴",
        "fееl ѕаfе",  # Cyrillic
        "f33l s4fe",
        "f3el $afe".replace("$", "s"),
        "feel s@fe",
        "f e e l  s a f e",
        "f.e.e.l  s.a.f.e",
        "feeeeel saaaafe",
        "𝔣𝔢𝔢𝔩 𝔰𝔞𝔣𝔢",
        "ⓕⓔⓔⓛ ⓢⓐⓕⓔ",
        "feel...safe",
        "feel_safe",
    ],
)
def test_hidden_words_come_out(hidden: str) -> None:
    """Each way of hiding two words folds to the same two words."""
    assert normalise(hidden, KNOWN).text == " feel safe "


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("mp3 and h2o", " mp3 and h2o "),
        ("on the ps5 at 4pm", " on the ps5 at 4pm "),
        ("the 5th of may, £20!", " the 5th of may 20 "),
        ("covid19", " covid19 "),
        ("answer a b c", " answer a b c "),
        ("I don't, he's", " i dont hes "),
        ("x = y1 + z2", " x y1 z2 "),
        ("good book, all told", " good book all told "),
        ("", "  "),
        ("!!!", "  "),
    ],
)
def test_ordinary_text_is_left_alone(text: str, folded: str) -> None:
    """Digits, initials and punctuation of ordinary writing survive or vanish cleanly."""
    assert normalise(text, KNOWN).text.split() == folded.split()


def test_a_known_word_settles_a_doubtful_repeat() -> None:
    """Double letters come back only where the word is known."""
    assert normalise("killlll", KNOWN).text == " kill "
    assert normalise("sooooo saaaad", KNOWN).text == " so sad "


def test_one_can_be_a_letter_l() -> None:
    """The digit one reads as i, unless only l makes a known word."""
    assert normalise("he1p d1e ki11me", KnownWords(WORDS | {"killme"})).text == " help die killme "


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("I don't feel safe!", "feel safe", "feel safe"),
        ("well, f\u200beel  sa\u200bfe now", "feel safe", "f\u200beel  sa\u200bfe"),
        ("so s a d s a d", "sadsad", "s a d s a d"),
        ("now f33l s4fe", "feel safe", "f33l s4fe"),
        ("ﬁne. feel safe", "fine", "ﬁne"),
        ("🙂 feel safe", "feel safe", "feel safe"),
    ],
)
def test_offsets_lead_back_to_what_was_typed(text: str, part: str, expected: str) -> None:
    """A span of the folded text maps to the very characters of the original."""
    normalised = normalise(text, KNOWN)
    start = normalised.text.index(part)
    found = normalised.span(start, start + len(part))
    assert text[slice(*found)] == expected


@given(st.text(max_size=80))
def test_every_text_folds_to_bounded_words_with_rising_offsets(text: str) -> None:
    """No input breaks the shape: outer spaces, single spaces, offsets inside the original."""
    normalised = normalise(text, KNOWN)
    assert normalised.text.startswith(" ")
    assert normalised.text.endswith(" ")
    assert "  " not in normalised.text.strip()
    offsets = normaliser._walk(text, KNOWN).offsets
    assert offsets is not None
    assert list(offsets) == sorted(offsets)
    assert all(0 <= offset < max(len(text), 1) for offset in offsets)


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_the_short_path_agrees_with_the_long_one(text: str) -> None:
    """Plain ASCII gives the same words on both paths, so offsets worked out later are right."""
    normalised = normalise(text, KNOWN)
    if normalised.offsets is None:
        assert normalised.text.split() == normaliser._walk(text, KNOWN).text.split()


def test_folding_does_not_depend_on_the_locale() -> None:
    """A Turkish or a C locale folds capital I the same way."""
    code = (
        "import locale\n"
        "for name in ('tr_TR.UTF-8', 'C'):\n"
        "    try: locale.setlocale(locale.LC_ALL, name)\n"
        "    except locale.Error: pass\n"
        "from agent.inspection.normaliser import normalise\n"
        "print(ascii(normalise('I WANT İT').text))"
    )
    outs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"LC_ALL": name, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for name in ("C", "tr_TR.UTF-8", "en_GB.UTF-8")
    }
    assert outs == {"' i want it '\n"}
