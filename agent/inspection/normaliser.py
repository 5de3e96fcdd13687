"""Passage text in, NormalisedText out: folded, unmasked words between single spaces, offsets kept.

ASCII lines of known words take a short path of one translate and one split. Anything that could hide a word
(look-alike letters, zero-width characters, signs inside words, spaced letters, long repeats) is walked
character by character. Never: I/O, a clock, a dependence on the machine's locale.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from agent.inspection.lookalikes import SYMBOLS, seen_as
from agent.inspection.vocabulary import KnownWords

_LEET = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "il", "|": "li", "+": "t", "(": "c",
}  # fmt: skip
_MOST_LEET = 16
_FOLDED = bytes(
    code + 32 if 65 <= code <= 90 else code if chr(code).isalnum() and code < 128 else 32
    for code in range(256)
)
_DROPPED = b"'`"
_SUSPECT = re.compile(
    r"[a-z][0-9]{1,3}[a-z]|[a-z0-9][$@|!+(*]+[a-z0-9]|(?<![a-z0-9])[$@|!+(*][a-z0-9]|[a-z0-9][$@|+](?![a-z0-9])"
    r"|([a-z])\1\1|(?<![a-z0-9])[a-z][^a-z0-9'`][a-z][^a-z0-9'`][a-z](?![a-z0-9])"
)
_SIGN_INSIDE = re.compile(r"[^\W\d_][@$!|]{1,2}[^\W\d_]")
_STAR_INSIDE = re.compile(r"[^\W\d_]\*+[^\W\d_]")
_DIGIT_AND_SIGN = re.compile(r"[0-9][@$]|[@$!][0-9]")
_NUMBER = re.compile(r"[0-9]+(?:st|nd|rd|th|am|pm|[a-z])?")
_MIN_SPACED, _MIN_DOTTED, _MAX_RUNS = 4, 3, 3

NOTHING_KNOWN = KnownWords()
Letter = tuple[str, int]
"""One folded character and the index of the source character that it came from."""


class NormalisedText(NamedTuple):
    """``text`` begins and ends with one space, so that every word stands between two."""

    text: str
    words: Sequence[str]
    """What stands between the spaces of ``text``."""
    original: str
    offsets: tuple[int, ...] | None
    """Source index of every character of ``text``; None on the short path, where it is worked out on demand."""
    is_plain: bool = False
    """Whether every word is a known one, so that there is nothing to repair."""
    is_unmasked: bool = False
    """Whether repeats were cut or signs read as letters, so that more of the kind may be left."""

    def located(self) -> tuple[int, ...]:
        """The source index of every character of ``text``."""
        if self.offsets is not None:
            return self.offsets
        return _walk(self.original, NOTHING_KNOWN, is_plain=True).offsets or ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]``, without outer spaces, stands in the original; end exclusive."""
        while start < end and self.text[start] == " ":
            start += 1
        while end > start and self.text[end - 1] == " ":
            end -= 1
        if start == end:
            return (0, 0)
        offsets = self.located()
        return offsets[start], offsets[end - 1] + 1


def normalise(text: str, known: KnownWords = NOTHING_KNOWN) -> NormalisedText:
    """The folded form of ``text``.

    ``known`` words settle doubtful repairs: whether ``killl`` means ``kil`` or ``kill``.
    """
    if text.isascii():
        words = text.encode().translate(_FOLDED, _DROPPED).decode().split()
        if known.are_plain(words):
            return NormalisedText(f" {' '.join(words)} ", words, text, None, True)
        if _SUSPECT.search(text.lower()) is None:
            return NormalisedText(f" {' '.join(words)} ", words, text, None)
    return _walk(text, known)


def _walk(text: str, known: KnownWords, *, is_plain: bool = False) -> NormalisedText:
    """The long way; ``is_plain`` text is only located, nothing in it is undone."""
    words = list(_words(text))
    is_unmasked = False
    parted: Iterable[list[Letter]]
    if is_plain:
        blank = [[(" " if char in SYMBOLS else char, index) for char, index in word] for word in words]
        parted = [piece for word in blank for piece in _split_on_spaces(word)]
    else:
        repaired = [_repair(word, known) for word in words]
        is_unmasked = any(map(_is_other, words, repaired))
        parted = _join_spaced(repaired, text)
    chars, offsets = [" "], [0]
    for word in parted:
        for char, index in word:
            chars.append(char)
            offsets.append(index)
        chars.append(" ")
        offsets.append(word[-1][1])
    if len(chars) == 1:
        chars.append(" ")
        offsets.append(0)
    folded = "".join(chars)
    return NormalisedText(folded, folded.split(), text, tuple(offsets), is_unmasked=is_unmasked)


def _words(text: str) -> Iterator[list[Letter]]:
    """The runs between separators; an emoji is a word of its own."""
    word: list[Letter] = []
    for index, source in enumerate(text):
        for char in seen_as(source):
            if char.isalnum() or char in SYMBOLS:
                word.append((char, index))
                continue
            if word:
                yield word
                word = []
            if char != " ":
                yield [(char, index)]
    if word:
        yield word


def _repair(word: list[Letter], known: KnownWords) -> list[Letter]:
    """Undo signs for letters and long repeats; leftover signs become spaces."""
    letters = "".join(char for char, _ in word)
    if letters.isalpha() and not _has_long_run(letters):
        return word
    word = _undo_leet(word, letters, known)
    letters = "".join(char for char, _ in word)
    return _shorten(word, letters, known) if _has_long_run(letters) else word


def _is_other(word: Sequence[Letter], repaired: Sequence[Letter]) -> bool:
    """Whether letters were put in or cut out; signs that became spaces do not count."""
    return len(word) != len(repaired) or any(
        after != before and after[0] != " " for before, after in zip(word, repaired, strict=True)
    )


def _has_long_run(letters: str) -> bool:
    return any(
        a == b == c and a.isalpha() for a, b, c in zip(letters, letters[1:], letters[2:], strict=False)
    )


def leet_readings(letters: str) -> Iterator[str]:
    """What ``letters`` may spell when digits and signs stand for letters; the likeliest first."""
    choices = [_LEET.get(char, char) for char in letters]
    return ("".join(reading) for reading in islice(product(*choices), _MOST_LEET))


def _undo_leet(word: list[Letter], letters: str, known: KnownWords) -> list[Letter]:
    if _NUMBER.fullmatch(letters) is not None:
        return word
    for core in dict.fromkeys((len(letters), len(letters.rstrip("!|*+(")), len(letters.rstrip("!|*+($@")))):
        if not any(char.isalpha() for char in letters[:core]) and _DIGIT_AND_SIGN.search(letters) is None:
            break
        for reading in leet_readings(letters[:core]):
            if reading in known:
                rest = [(" ", index) for _, index in word[core:]]
                return [(char, index) for char, (_, index) in zip(reading, word, strict=False)] + rest
    if _STAR_INSIDE.search(letters) is not None:
        word = [letter for letter in word if letter[0] != "*"]
    if _SIGN_INSIDE.search(letters) is not None:
        word = [(_LEET.get(char, char)[0], index) for char, index in word]
    return [(" " if char in SYMBOLS else char, index) for char, index in word]


def _shorten(word: list[Letter], letters: str, known: KnownWords) -> list[Letter]:
    """Cut every run of three or more equal letters to one or two, preferring a known word."""
    runs = [match.span() for match in re.finditer(r"([^\W\d_])\1{2,}", letters)]
    for keep in product((1, 2), repeat=min(len(runs), _MAX_RUNS)):
        candidate = _cut(word, runs, keep)
        spelled = "".join(char for char, _ in candidate).strip()
        if spelled in known:
            return candidate
        for reading in leet_readings(spelled) if not spelled.isalpha() else ():
            if reading in known:
                return [(char, index) for char, (_, index) in zip(reading, candidate, strict=False)]
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
    """Join a series of single letters where one sign or none seen stands between each; a wider gap parts words."""
    groups: list[list[Letter]] = []
    dotted = bool(series)
    for letter in (word[0] for word in series):
        gap = text[groups[-1][-1][1] + 1 : letter[1]] if groups else ""
        seen = "".join(char for char in gap if seen_as(char))
        if groups and len(seen) <= 1 and not seen.isalnum():
            groups[-1].append(letter)
            dotted = dotted and not seen.isspace()
        else:
            groups.append([letter])
    longest = max((len(group) for group in groups), default=0)
    if longest >= (_MIN_DOTTED if dotted else _MIN_SPACED):
        yield from groups
    else:
        yield from series
