"""The lexicon as people write it (TOML) in, the phrase table that devices load out.

Only the making of a pack needs this: the running agent reads the compiled table (``matcher``) and never
builds an automaton. Never: a file, a judgement.
"""

import json
import tomllib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise, product
from string import Formatter
from typing import Any

from daachorse import DoubleArrayAhoCorasick

from agent.inspection.matcher import MAGIC, Term
from agent.inspection.normaliser import normalise
from agent.inspection.vocabulary import vocabulary_bits
from shared.taxonomy import Severity, Theme


class LexiconError(ValueError):
    """A lexicon that cannot be used. The message names the term, never its phrases."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One Term with the phrases that say it."""

    term: Term
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The entries and the named groups of cue phrases that their Terms refer to."""

    entries: tuple[Entry, ...]
    cues: Mapping[str, tuple[str, ...]]

    def phrases(self) -> Iterator[str]:
        """Every phrase of every Term and cue."""
        for entry in self.entries:
            yield from entry.phrases
        for group in self.cues.values():
            yield from group

    def pairs(self) -> frozenset[str]:
        """Every two words that are neighbours in a phrase, as ``"hits me"``; a phrase of one word as ``" kms"``."""
        split = [phrase.split() for phrase in self.phrases()]
        pairs = {" ".join(pair) for words in split for pair in pairwise(words)}
        return frozenset(pairs.union(f" {words[0]}" for words in split if len(words) == 1))

    def words(self) -> frozenset[str]:
        """Every single word of it, for the normaliser's doubtful repairs."""
        return frozenset(word for phrase in self.phrases() for word in phrase.split())


def parse_lexicon(text: str) -> Lexicon:
    """The lexicon in ``text`` (TOML): ``[slots]``, ``[cues]`` and ``[[term]]`` tables.

    ``{kin} hits me`` becomes one phrase per word of slot ``kin``. Raises LexiconError.
    """
    try:
        body = tomllib.loads(text)
        slots = {name: tuple(words) for name, words in body.get("slots", {}).items()}
        cues = {
            name: tuple(_expanded(name, phrases, slots)) for name, phrases in body.get("cues", {}).items()
        }
        entries = tuple(_entry(written, slots, cues) for written in body.get("term", ()))
    except (tomllib.TOMLDecodeError, TypeError, AttributeError) as error:
        raise LexiconError(f"not a lexicon: {type(error).__name__}") from error
    names = [entry.term.id for entry in entries]
    if len(set(names)) != len(names):
        raise LexiconError("two terms share one id")
    return Lexicon(entries, cues)


def _entry(
    written: dict[str, Any], slots: Mapping[str, tuple[str, ...]], cues: Mapping[str, object]
) -> Entry:
    name = str(written.get("id", "?"))
    try:
        needs, unless = tuple(written.get("needs", ())), tuple(written.get("unless", ()))
        if not set(needs).union(unless) <= set(cues):
            raise LexiconError(f"term {name} names an unknown cue")
        term = Term(
            id=name,
            theme=Theme(name.split(".", 1)[0]),
            severity=Severity(written["level"]),
            weight=float(written["weight"]),
            alone=bool(written.get("alone", False)),
            needs=needs,
            unless=unless,
        )
        return Entry(term, tuple(_expanded(name, written["phrases"], slots)))
    except (KeyError, ValueError) as error:
        raise LexiconError(f"term {name} is not usable: {type(error).__name__}") from error


def _expanded(name: str, phrases: Iterable[str], slots: Mapping[str, tuple[str, ...]]) -> list[str]:
    out: dict[str, None] = {}
    for phrase in phrases:
        fields = [field for _, field, _, _ in Formatter().parse(phrase) if field]
        if not set(fields) <= set(slots):
            raise LexiconError(f"{name} names an unknown slot")
        for words in product(*(slots[field] for field in fields)):
            filled = phrase
            for field, word in zip(fields, words, strict=True):
                filled = filled.replace("{" + field + "}", word, 1)
            out[normalise(filled).text.strip()] = None
    return list(out)


def compile_lexicon(lexicon: Lexicon, *, source: str, typical: Sequence[str] = ()) -> bytes:
    """The bytes that ``matcher.parse_phrases`` reads; the same lexicon gives the same bytes.

    ``source`` is the SHA-256 of the written lexicon, so that a device can refuse a stale table; ``typical``
    lines lay the automaton out so that ordinary text touches little memory.
    """
    cues = list(lexicon.cues)
    roles = _roles(lexicon, cues)
    sets = {entry: number for number, entry in enumerate(dict.fromkeys(roles.values()))}
    # An automaton refuses to be built over nothing; no folded text holds a newline.
    patterns = [f" {phrase} ".encode() for phrase in roles] or [b"\n"]
    folded = [normalise(line).text.encode() for line in typical]
    automaton = DoubleArrayAhoCorasick(patterns, corpus=folded or None).serialize()
    numbers = array("H", [sets[entry] for entry in roles.values()])
    words = "\n".join(sorted(lexicon.words())).encode()
    pairs = vocabulary_bits(lexicon.pairs())
    header = {
        "source": source,
        "terms": [asdict(entry.term) for entry in lexicon.entries],
        "cues": cues,
        "roles": [list(entry) for entry in sets],
        "lengths": [len(numbers) * 2, len(words), len(pairs), len(automaton)],
    }
    bodies = b"".join((_little_endian(numbers), words, pairs, automaton))
    return MAGIC + json.dumps(header, sort_keys=True).encode() + b"\n" + bodies


def _roles(lexicon: Lexicon, cues: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Phrase → the numbers of its Terms, and of its cues counted on after the last Term."""
    roles: dict[str, dict[int, None]] = {}
    for number, entry in enumerate(lexicon.entries):
        for phrase in entry.phrases:
            roles.setdefault(phrase, {})[number] = None
    for number, name in enumerate(cues, len(lexicon.entries)):
        for phrase in lexicon.cues[name]:
            roles.setdefault(phrase, {})[number] = None
    return {phrase: tuple(numbers) for phrase, numbers in roles.items()}


def _little_endian(numbers: "array[int]") -> bytes:
    return b"".join(number.to_bytes(2, "little") for number in numbers)
