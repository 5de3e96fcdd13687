"""Passage text in, NormalisedText out: folded, unmasked words between single spaces, offsets kept.

Plain ASCII lines take a short path of one translate and one split; anything that could hide a word
(look-alike letters, zero-width characters, digits inside words, spaced letters, long repeats) is
walked character by character. Never: I/O, a clock, a dependence on the machine's locale.
"""

import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

_APOSTROPHES = "'’‘‛`´ʼʹ＇′"
_CONFUSABLES = dict(
    zip(
        "авеѕіјкмнорсԁтухгԛԝһьѵαβεηικνορτυχγωϲϳℓıɡɑ",
        "abesijkmhopcdtyxrqwhbvabenikvoptuxywcjliga",
        strict=True,
    )
)
"""Cyrillic and Greek letters (and a few Latin ones) that look like a Latin letter, after folding."""
_LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "l"}
_LEET_SYMBOLS = frozenset("@$!|")
_JOINERS = frozenset(" .-_*")
_PLAIN = {code: " " for code in range(128) if not chr(code).isalnum()}
_SUSPECT = re.compile(
    r"[a-z][01345$!|@7]{1,2}[a-z]|([a-z])\1\1|(?<![a-z0-9])[a-z][ .\-_*][a-z][ .\-_*][a-z](?![a-z0-9])"
)
_MIN_SPACED, _MIN_DOTTED, _MAX_RUNS = 4, 3, 3
_NO_WORDS: frozenset[str] = frozenset()

Letter = tuple[str, int]
"""One folded character and the index of the source character that it came from."""


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """``text`` begins and ends with one space, so that every word stands between two."""

    text: str
    original: str
    offsets: tuple[int, ...] | None
    """Source index of every character of ``text``; None on the short path, where it is worked out on demand."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]``, without outer spaces, stands in the original; end exclusive."""
        offsets = self.offsets or _walk(self.original, _NO_WORDS).offsets or ()
        while start < end and self.text[start] == " ":
            start += 1
        while end > start and self.text[end - 1] == " ":
            end -= 1
        if start == end:
            return (0, 0)
        return offsets[start], offsets[end - 1] + 1


def normalise(text: str, known: Container[str] = _NO_WORDS) -> NormalisedText:
    """The folded form of ``text``.

    ``known`` words settle doubtful repairs: whether ``killl`` means ``kil`` or ``kill``.
    """
    if text.isascii():
        lowered = text.lower().replace("'", "").replace("`", "")
        if _SUSPECT.search(lowered) is None:
            return NormalisedText(" " + " ".join(lowered.translate(_PLAIN).split()) + " ", text, None)
    return _walk(text, known)


def _walk(text: str, known: Container[str]) -> NormalisedText:
    words = [_repair(word, known) for word in _words(text)]
    chars, offsets = [" "], [0]
    for word in _join_spaced(words, text):
        for char, index in word:
            chars.append(char)
            offsets.append(index)
        chars.append(" ")
        offsets.append(word[-1][1])
    if len(chars) == 1:
        chars.append(" ")
        offsets.append(0)
    return NormalisedText("".join(chars), text, tuple(offsets))


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    """What one source character stands for: letters, a space, a leet symbol, or nothing."""
    if char in _APOSTROPHES:
        return ""
    code = ord(char)
    for first in (0x1F1E6, 0x1F150, 0x1F170):  # letters as emoji: regional, negative circled and squared
        if first <= code < first + 26:
            return chr(code - first + 97)
    out = []
    for part in unicodedata.normalize("NFKD", char).casefold():
        kind = unicodedata.category(part)
        if kind in {"Mn", "Me", "Cf"}:
            continue
        if part.isalnum():
            out.append(_CONFUSABLES.get(part, part))
        elif part in _LEET_SYMBOLS or kind == "So":
            out.append(part)
        else:
            out.append(" ")
    return "".join(out)


def _words(text: str) -> Iterator[list[Letter]]:
    """The runs between separators; an emoji is a word of its own."""
    word: list[Letter] = []
    for index, source in enumerate(text):
        for char in _fold(source):
            if char.isalnum() or char in _LEET_SYMBOLS:
                word.append((char, index))
                continue
            if word:
                yield word
                word = []
            if char != " ":
                yield [(char, index)]
    if word:
        yield word


def _repair(word: list[Letter], known: Container[str]) -> list[Letter]:
    """Undo digits for letters and long repeats; leftover symbols become spaces."""
    letters = "".join(char for char, _ in word)
    if letters.isalpha() and not _has_long_run(letters):
        return word
    word = _undo_leet(word, letters, known)
    letters = "".join(char for char, _ in word)
    return _shorten(word, letters, known) if _has_long_run(letters) else word


def _has_long_run(letters: str) -> bool:
    return any(
        a == b == c and a.isalpha() for a, b, c in zip(letters, letters[1:], letters[2:], strict=False)
    )


def _undo_leet(word: list[Letter], letters: str, known: Container[str]) -> list[Letter]:
    inside = re.search(r"(?<=[^\W\d_])[01345$!|@7]{1,2}(?=[^\W\d_])", letters)
    if inside is None:
        return [(" " if char in _LEET_SYMBOLS else char, index) for char, index in word]
    core = len(letters.rstrip("!|"))
    mended = [(_LEET.get(char, char) if at < core else " ", index) for at, (char, index) in enumerate(word)]
    if "1" in letters:
        other = [("l" if letters[at] == "1" else char, index) for at, (char, index) in enumerate(mended)]
        if (
            "".join(c for c, _ in mended).strip() not in known
            and "".join(c for c, _ in other).strip() in known
        ):
            return other
    return mended


def _shorten(word: list[Letter], letters: str, known: Container[str]) -> list[Letter]:
    """Cut every run of three or more equal letters to one or two, preferring a known word."""
    runs = [match.span() for match in re.finditer(r"([^\W\d_])\1{2,}", letters)]
    for keep in product((1, 2), repeat=min(len(runs), _MAX_RUNS)):
        candidate = _cut(word, runs, keep)
        if "".join(char for char, _ in candidate).strip() in known:
            return candidate
    return _cut(word, runs, ())


def _cut(word: list[Letter], runs: Sequence[tuple[int, int]], keep: Sequence[int]) -> list[Letter]:
    dropped: set[int] = set()
    for at, (start, end) in enumerate(runs):
        count = keep[at] if at < len(keep) else 1
        dropped.update(range(start + count, end))
    return [letter for at, letter in enumerate(word) if at not in dropped]


def _join_spaced(words: Sequence[list[Letter]], text: str) -> Iterator[list[Letter]]:
    """``s a d`` typed letter by letter becomes one word; words left empty by repairs vanish."""
    series: list[list[Letter]] = []
    for word in [*words, []]:
        pieces = _split_on_spaces(word)
        if len(pieces) == 1 and len(pieces[0]) == 1 and pieces[0][0][0].isalpha():
            series.append(pieces[0])
            continue
        yield from _settle(series, text)
        series = []
        yield from pieces


def _split_on_spaces(word: Sequence[Letter]) -> list[list[Letter]]:
    pieces: list[list[Letter]] = [[]]
    for letter in word:
        if letter[0] == " ":
            pieces.append([])
        else:
            pieces[-1].append(letter)
    return [piece for piece in pieces if piece]


def _settle(series: Sequence[list[Letter]], text: str) -> Iterator[list[Letter]]:
    """Join a series of single letters where one joiner stands between each; a wider gap parts words."""
    groups: list[list[Letter]] = []
    dotted = bool(series)
    for letter in (word[0] for word in series):
        gap = text[groups[-1][-1][1] + 1 : letter[1]] if groups else ""
        if groups and len(gap) == 1 and gap in _JOINERS:
            groups[-1].append(letter)
            dotted = dotted and gap != " "
        else:
            groups.append([letter])
    longest = max((len(group) for group in groups), default=0)
    if longest >= (_MIN_DOTTED if dotted else _MIN_SPACED):
        yield from groups
    else:
        yield from series
