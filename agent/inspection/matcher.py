"""NormalisedText in, Matches out: one pass of a ready-made automaton over every phrase of the lexicon.

A phrase matches only between word boundaries. The same pass finds the cues (game, fiction, now …) that a Term
needs or is excluded by. Never: a file, a judgement, the building of an automaton (``lexicon`` does that).
"""

import json
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from daachorse import DoubleArrayAhoCorasick

from agent.inspection.normaliser import NormalisedText, normalise
from agent.inspection.vocabulary import Vocabulary
from shared.taxonomy import Severity, Theme

MAGIC = b"LANTERN-PHRASES-1\n"
_PARTS = 4


class PhrasesError(ValueError):
    """Bytes that are not a phrase table."""


@dataclass(frozen=True, slots=True)
class Term:
    """What a group of phrases means."""

    id: str
    """Permanent and readable, e.g. ``T05.hit-at-home``; it travels as a reason."""
    theme: Theme
    severity: Severity
    weight: float
    """How probable the theme is when nothing but this Term speaks for it, 0 to 1."""
    alone: bool
    """Whether this Term flags without the classifier's agreement."""
    needs: tuple[str, ...] = ()
    """Cues of which one must stand in the Passage or its context."""
    unless: tuple[str, ...] = ()
    """Cues of which none may stand in the Passage."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The compiled lexicon: an automaton over all phrases, and what each of them stands for."""

    source: str
    """SHA-256 of the written lexicon that this was compiled from."""
    terms: tuple[Term, ...]
    roles: tuple[tuple[Term | str, ...], ...]
    """Sets of Terms and cue names that phrases share."""
    numbers: "array[int]"
    """Which of ``roles`` belongs to each phrase of the automaton."""
    words: frozenset[str]
    pairs: Vocabulary
    """The words that stand side by side in a phrase, as ``"hits me"``."""
    automaton: DoubleArrayAhoCorasick


@dataclass(frozen=True, slots=True)
class Match:
    """A found Term; offsets into the normalised text, end exclusive."""

    term: Term
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """What one pass saw: the Matches whose conditions hold, and every cue."""

    matches: tuple[Match, ...]
    cues: frozenset[str]


NOTHING_FOUND = Found((), frozenset())


class Matcher:
    """One lexicon, ready to search."""

    def __init__(self, phrases: Phrases) -> None:
        """Keep the table; nothing is computed."""
        self._phrases = phrases
        self._search = phrases.automaton.find_overlapping

    def find(self, normalised: NormalisedText, context: Iterable[str] = ()) -> Found:
        """Matches in order of appearance; ``context`` is read only when a Term needs a cue from it."""
        raw = normalised.text.encode()
        hits = self._search(raw)
        if not hits:
            return NOTHING_FOUND
        roles, numbers = self._phrases.roles, self._phrases.numbers
        is_ascii = len(raw) == len(normalised.text)
        matches: list[Match] = []
        cues: set[str] = set()
        for start, end, number in hits:
            for role in roles[numbers[number]]:
                if isinstance(role, str):
                    cues.add(role)
                elif is_ascii:
                    matches.append(Match(role, start, end))
                else:
                    matches.append(Match(role, len(raw[:start].decode()), len(raw[:end].decode())))
        settled = tuple(self._settled(matches, cues, context)) if matches else ()
        return Found(settled, frozenset(cues))

    def _roles_of(self, number: int) -> tuple[Term | str, ...]:
        return self._phrases.roles[self._phrases.numbers[number]]

    def _settled(self, matches: list[Match], cues: set[str], context: Iterable[str]) -> Iterator[Match]:
        around: set[str] | None = None
        for match in sorted(matches, key=lambda found: (found.start, found.end, found.term.id)):
            if cues.intersection(match.term.unless):
                continue
            if match.term.needs and not cues.intersection(match.term.needs):
                if around is None:
                    around = self._cues_of(context)
                if not around.intersection(match.term.needs):
                    continue
            yield match

    def _cues_of(self, context: Iterable[str]) -> set[str]:
        seen: set[str] = set()
        for text in context:
            for _, _, number in self._search(normalise(text).text.encode()):
                seen.update(role for role in self._roles_of(number) if isinstance(role, str))
        return seen


def parse_phrases(raw: bytes) -> Phrases:
    """The table in ``raw``: magic line, one line of JSON, then numbers, words and the automaton.

    Raises PhrasesError when anything is missing or left over.
    """
    if not raw.startswith(MAGIC):
        raise PhrasesError("not a phrase table of this version")
    try:
        head, rest = raw[len(MAGIC) :].split(b"\n", 1)
        header = json.loads(head)
        parts = _parts(rest, [int(length) for length in header["lengths"]])
        terms = tuple(map(_term, header["terms"]))
        meanings: list[Term | str] = [*terms, *map(str, header["cues"])]
        roles = tuple(tuple(meanings[at] for at in entry) for entry in header["roles"])
        numbers = _numbers(parts[0])
        if numbers and max(numbers) >= len(roles):
            raise PhrasesError("phrase table names an unknown role")
        return Phrases(
            source=str(header["source"]),
            terms=terms,
            roles=roles,
            numbers=numbers,
            words=frozenset(parts[1].decode().split()),
            pairs=Vocabulary(parts[2]),
            automaton=DoubleArrayAhoCorasick.deserialize(parts[3]),
        )
    except PhrasesError:
        raise
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise PhrasesError(f"phrase table: {type(error).__name__}") from error


def _parts(raw: bytes, lengths: Sequence[int]) -> list[bytes]:
    if len(lengths) != _PARTS or sum(lengths) != len(raw) or min(lengths) < 0:
        raise PhrasesError("phrase table has the wrong length")
    ends = list(accumulate(lengths))
    return [raw[end - length : end] for end, length in zip(ends, lengths, strict=True)]


def _term(body: dict[str, Any]) -> Term:
    return Term(
        id=body["id"],
        theme=Theme(body["theme"]),
        severity=Severity(body["severity"]),
        weight=float(body["weight"]),
        alone=bool(body["alone"]),
        needs=tuple(body["needs"]),
        unless=tuple(body["unless"]),
    )


def _numbers(raw: bytes) -> "array[int]":
    numbers = array("H")
    numbers.frombytes(raw)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
