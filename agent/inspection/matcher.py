"""NormalisedText in, Matches out: one pass of an automaton over every phrase of the lexicon.

A phrase matches only between word boundaries, also when its words were typed as one. The same pass
finds the cues (game, fiction, now …) that a Term needs or is excluded by. Never: a file, a judgement.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from string import Formatter
from typing import Any

from daachorse import DoubleArrayAhoCorasick

from agent.inspection.normaliser import NormalisedText, normalise
from shared.taxonomy import Severity, Theme

_MIN_SQUEEZED_LETTERS = 9


class LexiconError(ValueError):
    """A lexicon that cannot be used. The message names the term, never its phrases."""


@dataclass(frozen=True, slots=True)
class Term:
    """Phrases that mean the same, with what they mean."""

    id: str
    """Permanent and readable, e.g. ``T05.hit-at-home``; it travels as a reason."""
    theme: Theme
    severity: Severity
    weight: float
    """How probable the theme is when nothing but this Term speaks for it, 0 to 1."""
    alone: bool
    """Whether this Term flags without the classifier's agreement."""
    phrases: tuple[str, ...]
    needs: tuple[str, ...] = ()
    """Cues of which one must stand in the Passage or its context."""
    unless: tuple[str, ...] = ()
    """Cues of which none may stand in the Passage."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The Terms and the named groups of cue phrases that they refer to."""

    terms: tuple[Term, ...]
    cues: Mapping[str, tuple[str, ...]]

    def words(self) -> frozenset[str]:
        """Every single word of it, for the normaliser's doubtful repairs."""
        phrases = [phrase for term in self.terms for phrase in term.phrases]
        phrases += [phrase for group in self.cues.values() for phrase in group]
        return frozenset(word for phrase in phrases for word in phrase.split())


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


class Matcher:
    """The automaton over one lexicon. Building it is the only slow part."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile every phrase, its squeezed form, and every cue."""
        roles: dict[bytes, list[Term | str]] = {}
        for term in lexicon.terms:
            for phrase in term.phrases:
                for form in _forms(phrase):
                    _add(roles, form, term)
        for name, phrases in lexicon.cues.items():
            for phrase in phrases:
                _add(roles, phrase, name)
        self._roles = tuple(tuple(entry) for entry in roles.values())
        # An automaton refuses to be built over nothing; no folded text holds a newline.
        self._automaton = DoubleArrayAhoCorasick(list(roles) or [b"\n"])

    def find(self, normalised: NormalisedText, context: Iterable[str] = ()) -> Found:
        """Matches in order of appearance; ``context`` is read only when a Term needs a cue from it."""
        raw = normalised.text.encode()
        hits = self._automaton.find_overlapping(raw)
        if not hits:
            return Found((), frozenset())
        is_ascii = len(raw) == len(normalised.text)
        matches: list[Match] = []
        cues: set[str] = set()
        for start, end, number in hits:
            for role in self._roles[number]:
                if isinstance(role, str):
                    cues.add(role)
                elif is_ascii:
                    matches.append(Match(role, start, end))
                else:
                    matches.append(Match(role, len(raw[:start].decode()), len(raw[:end].decode())))
        return Found(tuple(self._settled(matches, cues, context)), frozenset(cues))

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
            for _, _, number in self._automaton.find_overlapping(normalise(text).text.encode()):
                seen.update(role for role in self._roles[number] if isinstance(role, str))
        return seen


def _add(roles: dict[bytes, list[Term | str]], phrase: str, role: Term | str) -> None:
    entry = roles.setdefault(f" {phrase} ".encode(), [])
    if role not in entry:
        entry.append(role)


def _forms(phrase: str) -> Iterator[str]:
    yield phrase
    squeezed = phrase.replace(" ", "")
    if " " in phrase and len(squeezed) >= _MIN_SQUEEZED_LETTERS:
        yield squeezed


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
        terms = tuple(_term(entry, slots, cues) for entry in body.get("term", ()))
    except (tomllib.TOMLDecodeError, TypeError, AttributeError) as error:
        raise LexiconError(f"not a lexicon: {type(error).__name__}") from error
    names = [term.id for term in terms]
    if len(set(names)) != len(names):
        raise LexiconError("two terms share one id")
    return Lexicon(terms, cues)


def _term(entry: dict[str, Any], slots: Mapping[str, tuple[str, ...]], cues: Mapping[str, object]) -> Term:
    name = str(entry.get("id", "?"))
    try:
        needs, unless = tuple(entry.get("needs", ())), tuple(entry.get("unless", ()))
        if not set(needs).union(unless) <= set(cues):
            raise LexiconError(f"term {name} names an unknown cue")
        return Term(
            id=name,
            theme=Theme(name.split(".", 1)[0]),
            severity=Severity(entry["level"]),
            weight=float(entry["weight"]),
            alone=bool(entry.get("alone", False)),
            phrases=tuple(_expanded(name, entry["phrases"], slots)),
            needs=needs,
            unless=unless,
        )
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
