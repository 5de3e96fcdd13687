"""Words nobody writes in, the words they were meant to be out: the doubtful half of unmasking.

Looks only at words that neither the lexicon nor ordinary writing knows: swapped or missing letters, words typed
as one or torn apart, typed backwards, typed with the hand one key aside. Readings lead to words of the lexicon
only, and neighbours that stand together in a phrase decide between them. What comes out is tried beside the
plain text, never instead of it. Never: I/O, a judgement.
"""

from collections.abc import Container, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from agent.inspection.normaliser import NormalisedText, leet_readings, normalise
from agent.inspection.vocabulary import KnownWords

_VOWELS = str.maketrans("", "", "aeiouy")
_ROWS = ("qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
_LEFT_HAND = {right: left for row in _ROWS for left, right in pairwise(row)}
_SHIFTS = (str.maketrans(_LEFT_HAND), str.maketrans({left: right for right, left in _LEFT_HAND.items()}))
_MOST_REMEMBERED = 8192
_MOST_READINGS, _MOST_TOKENS, _LONGEST_WORD = 6, 200, 40
_SHORT_PIECES = frozenset({"a", "i", "u", "m", "n"})
_LINK, _STRANGER = 0.5, -1.0
_FROM_STRANGER, _FROM_ORDINARY, _FROM_LEXICON = -0.3, -0.45, -0.7
"""What it costs to read another word into one that is unknown, ordinary, or itself in the lexicon."""
_LATER, _BACKWARDS_TOO, _DOUBLED = -0.04, -0.2, -0.15


class Reading(NamedTuple):
    """One way to read as many neighbouring tokens as it says."""

    words: tuple[str, ...]
    tokens: int
    cost: float
    is_changed: bool


class Repairer:
    """Knows the lexicon's words and pairs, and what is ordinary."""

    def __init__(self, words: frozenset[str], pairs: Container[str], known: KnownWords) -> None:
        """``pairs`` are the neighbouring words of phrases, as ``"hits me"``."""
        self._words, self._pairs, self._known = words, pairs, known
        self._longest = max(map(len, words), default=0)
        self._skeletons: dict[str, list[str]] = {}
        for word in sorted(words):
            self._skeletons.setdefault(word.translate(_VOWELS), []).append(word)
        self._pieces = {word[:end] for word in words for end in range(2, len(word))}
        self._settled: set[str] = set()
        self._hopeless: set[str] = set()
        self._leads_aside: set[str] = set()
        self._links: dict[str, bool] = {}
        self._memo: dict[str, tuple[tuple[str, ...], ...]] = {}

    def repaired(self, normalised: NormalisedText) -> NormalisedText | None:
        """The text as it was probably meant, or None when nothing in it asks for repair."""
        tokens = normalised.words
        if normalised.is_plain or len(tokens) > _MOST_TOKENS:
            return None
        if len(self._settled) + len(self._hopeless) > _MOST_REMEMBERED:
            for memory in (self._settled, self._hopeless, self._leads_aside):
                memory.clear()
        unknown = [token for token in tokens if not self._is_settled(token)]
        strangers = [token for token in unknown if token not in self._hopeless]
        if len(unknown) > 1 and not self._leads_aside.isdisjoint(unknown):
            aside = self._hand_aside(normalised)
            if aside is not None:
                return aside
        if not strangers and not normalised.is_unmasked:
            return None
        if not normalised.is_unmasked and not self._pays(tokens, strangers):
            return None
        is_backwards = any(len(token) > 3 and token[::-1] in self._words for token in strangers)
        path = self._best_path(tokens, is_backwards=is_backwards, is_unmasked=normalised.is_unmasked)
        if not any(reading.is_changed for reading in path):
            return None
        return _spelled(normalised, path)

    def _pays(self, tokens: Sequence[str], strangers: Sequence[str]) -> bool:
        """Whether some reading of a stranger could stand in a phrase with what is beside it."""
        for at, token in enumerate(tokens):
            if token not in strangers:
                continue
            if len(token) > 3 and token[::-1] in self._words:
                return True
            around = [*tokens[max(at - 2, 0) : at], *tokens[at + 1 : at + 3]]
            if any(self._readings(one) for one in around if not self._is_known(one)) or self._may_be_torn(
                token
            ):
                return True
            for words in self._readings(token):
                before = at > 0 and self._is_linked(tokens[at - 1], words[0])
                after = at + 1 < len(tokens) and self._is_linked(words[-1], tokens[at + 1])
                if before or after or len(words) > 1 or self._is_linked("", words[0]):
                    return True
        return False

    def _is_linked(self, before: str, after: str) -> bool:
        """Whether two words are neighbours in a phrase; an empty first word asks for a phrase of one word."""
        pair = f"{before} {after}"
        linked = self._links.get(pair)
        if linked is None:
            if len(self._links) > _MOST_REMEMBERED:
                self._links.clear()
            linked = self._links[pair] = pair in self._pairs
        return linked

    def _is_settled(self, token: str) -> bool:
        """Whether a token is known. Those strange beyond repair are noted apart; both depend on it alone."""
        if token in self._settled:
            return True
        if token in self._hopeless:
            return False
        if self._is_known(token):
            self._settled.add(token)
            return True
        if len(token) > 2 and any(token.translate(table) in self._words for table in _SHIFTS):
            self._leads_aside.add(token)
        if not (self._readings(token) or self._may_be_torn(token)):
            self._hopeless.add(token)
        return False

    def _is_known(self, token: str) -> bool:
        return len(token) < 2 or token.isdigit() or token in self._known

    def _may_be_torn(self, token: str) -> bool:
        return token in self._pieces

    def _readings(self, token: str) -> tuple[tuple[str, ...], ...]:
        found = self._memo.get(token)
        if found is None:
            if len(self._memo) > _MOST_REMEMBERED:
                self._memo.clear()
            kept = dict.fromkeys(reading for reading in self._all_readings(token) if reading != (token,))
            found = self._memo[token] = tuple(kept)[:_MOST_READINGS]
        return found

    def _all_readings(self, token: str) -> Iterator[tuple[str, ...]]:
        if len(token) > _LONGEST_WORD:
            return
        if not token.isalpha():
            yield from ((word,) for word in leet_readings(token) if word in self._words)
            return
        for at in range(len(token) - 1):  # two letters swapped
            swapped = f"{token[:at]}{token[at + 1]}{token[at]}{token[at + 2 :]}"
            if swapped in self._words:
                yield (swapped,)
        for word in self._skeletons.get(token.translate(_VOWELS), ()):
            if len(word) > len(token) and _is_within(token, word):
                yield (word,)
        if len(token) > 3:
            split = self._split(token)
            if split is not None:
                yield split
            if token[::-1] in self._words:
                yield (token[::-1],)
            for at in range(len(token)):  # one letter too many
                if token[:at] + token[at + 1 :] in self._words:
                    yield (token[:at] + token[at + 1 :],)

    def _split(self, token: str) -> tuple[str, ...] | None:
        """The fewest words of the lexicon that make up ``token``, linked ones first."""
        best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ()), *[None] * len(token)]
        for start in range(len(token)):
            here = best[start]
            if here is None:
                continue
            for end in range(start + 1, min(start + self._longest, len(token)) + 1):
                piece = token[start:end]
                if piece not in self._words or (end - start < 2 and piece not in _SHORT_PIECES):
                    continue
                linked = bool(here[1]) and self._is_linked(here[1][-1], piece)
                score = here[0] - 1.0 + (0.9 if linked else 0.0)
                there = best[end]
                if there is None or score > there[0]:
                    best[end] = (score, (*here[1], piece))
        last = best[-1]
        return last[1] if last is not None and len(last[1]) > 1 else None

    def _best_path(self, tokens: Sequence[str], *, is_backwards: bool, is_unmasked: bool) -> list[Reading]:
        """The readings, left to right, whose neighbours hang together best."""
        ends: list[dict[str, tuple[float, list[Reading]]]] = [{} for _ in range(len(tokens) + 1)]
        ends[0][""] = (0.0, [])
        for at in range(len(tokens)):
            options = list(self._options(tokens, at))
            if is_backwards and tokens[at][::-1] in self._words:
                options.append(Reading((tokens[at][::-1],), 1, _BACKWARDS_TOO, True))
            if is_unmasked:
                options += [Reading((word,), 1, _DOUBLED, True) for word in self._doubled(tokens[at])]
            for last, (score, path) in ends[at].items():
                for option in options:
                    total = score + option.cost
                    before = last
                    for word in option.words:
                        total += _LINK if before and self._is_linked(before, word) else 0.0
                        before = word
                    there = ends[at + option.tokens]
                    if before not in there or total > there[before][0]:
                        there[before] = (total, [*path, option])
        return max(ends[-1].values(), key=lambda end: end[0])[1]

    def _options(self, tokens: Sequence[str], at: int) -> Iterator[Reading]:
        token = tokens[at]
        is_known = self._is_known(token)
        yield Reading((token,), 1, 0.0 if is_known else _STRANGER, False)
        cost = _FROM_LEXICON if token in self._words else _FROM_ORDINARY if is_known else _FROM_STRANGER
        for later, words in enumerate(self._readings(token)):
            yield Reading(words, 1, cost + _LATER * (later + len(words)), True)
        joined = token
        for count in (2, 3):
            if at + count > len(tokens):
                return
            joined += tokens[at + count - 1]
            if all(self._is_known(one) and len(one) > 1 for one in tokens[at : at + count]):
                continue
            if joined in self._words:
                yield Reading((joined,), count, _FROM_STRANGER, True)
            elif len(joined) > 3:
                for words in self._readings(joined)[:2]:
                    yield Reading(words, count, 2 * _FROM_STRANGER, True)

    def _doubled(self, token: str) -> Iterator[str]:
        """Words of the lexicon that have one letter of ``token`` twice."""
        if token.isalpha() and len(token) > 1:
            longer = (token[:at] + token[at] + token[at:] for at in range(len(token)))
            return iter(dict.fromkeys(word for word in longer if word in self._words))
        return iter(())

    def _hand_aside(self, normalised: NormalisedText) -> NormalisedText | None:
        """The text as typed with the hand one key to the left or right, chunk by chunk."""
        lowered = normalised.original.lower()
        if len(lowered) != len(normalised.original):
            return None
        for table in _SHIFTS:
            pieces, moved, letters = [], 0, 0
            for chunk in _chunks(lowered):
                folded = chunk.translate(table)
                if folded != chunk and folded in self._words and not self._is_known(chunk):
                    moved, letters = moved + 1, letters + len(folded)
                    pieces.append(folded)
                elif folded in self._words and folded != chunk and len(chunk) < 4:
                    pieces.append(folded)
                else:
                    pieces.append(chunk)
            if moved >= 2 and letters >= 7:
                again = normalise("".join(pieces))
                return NormalisedText(again.text, again.words, normalised.original, again.located())
        return None


def _is_within(short: str, long: str) -> bool:
    """Whether ``short`` is ``long`` with letters left out."""
    letters = iter(long)
    return all(letter in letters for letter in short)


def _chunks(text: str) -> Iterator[str]:
    """The runs of spaces and of anything else, so that joining them gives ``text`` again."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or text[at].isspace() != text[start].isspace():
            yield text[start:at]
            start = at


def _spelled(normalised: NormalisedText, path: Sequence[Reading]) -> NormalisedText:
    """The readings as a text whose characters point at the tokens that they replace."""
    offsets = normalised.located()
    starts = [at + 1 for at, char in enumerate(normalised.text[:-1]) if char == " "]
    ends = [start + len(word) for start, word in zip(starts, normalised.words, strict=False)]
    chars, places, token = [" "], [0], 0
    for reading in path:
        first, last = offsets[starts[token]], offsets[ends[token + reading.tokens - 1] - 1]
        for number, word in enumerate(reading.words):
            if reading.is_changed:
                span = last - first
                total = sum(map(len, reading.words))
                done = sum(map(len, reading.words[:number]))
                places += [first + span * (done + at) // max(total - 1, 1) for at in range(len(word))]
            else:
                places += offsets[starts[token] : ends[token]]
            chars.append(word)
            chars.append(" ")
            places.append(places[-1])
        token += reading.tokens
    words = [word for reading in path for word in reading.words]
    return NormalisedText(f" {' '.join(words)} ", words, normalised.original, tuple(places))
