"""The five steps in order: Passage in, Flag or nothing out. The one door of this room.

Pure: the Pack's contents are handed in as plain values, the second look as a callable that may
answer None (dead or slow); then the gate's own decision stands.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from agent.inspection.buffer import Passage
from agent.inspection.gate import Gate, GateWeights
from agent.inspection.matcher import Found, Matcher, Phrases
from agent.inspection.normaliser import NormalisedText, normalise
from agent.inspection.policy import NEVER_ALONE, Flag, Judgement, Thresholds, blend, judge, wants_second_look
from agent.inspection.repair import Repairer
from agent.inspection.vocabulary import KnownWords, Vocabulary
from shared.device_policy import DevicePolicy
from shared.event import Mark
from shared.taxonomy import Theme

DELETED_RULE = "rule:deleted"
_MIN_DELETED_CHARS = 8

SecondLookCall = Callable[[str], Mapping[str, float] | None]
"""Normalised text in; probability per theme id out, or None when nobody answered in time."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that decides: phrases, words, gate, thresholds, and the version that an Event names."""

    version: str
    taxonomy_version: int
    phrases: Phrases
    vocabulary: Vocabulary
    gate: GateWeights
    thresholds: Mapping[Theme, Thresholds]


@dataclass(frozen=True, slots=True)
class Draft:
    """A passage after the gate: what was found, and whether the second look should be asked."""

    normalised: NormalisedText
    scored: str
    """The normalised text without swear words: what both looks judge, so that swearing alone is not harm."""
    found: Found
    scores: Mapping[Theme, float]
    is_unsure: bool


class Pipeline:
    """One Pack, ready to inspect passages."""

    def __init__(
        self,
        pack: Pack,
        second_look: SecondLookCall | None,
        device_policy: DevicePolicy | None = None,
    ) -> None:
        """Put the pack's parts together; nothing is compiled here."""
        self.pack_version = pack.version
        self._thresholds = pack.thresholds
        self._matcher = Matcher(pack.phrases)
        asks = {theme: limits.ask for theme, limits in pack.thresholds.items() if theme not in NEVER_ALONE}
        self._gate = Gate(pack.gate, asks)
        self._known = KnownWords(pack.phrases.words, pack.vocabulary)
        self._repairer = Repairer(pack.phrases.words, pack.phrases.pairs, self._known)
        self._second_look = second_look
        self._device_policy = device_policy or DevicePolicy()

    def inspect(self, passage: Passage, context: Sequence[str]) -> Flag | None:
        """The Flag for what was typed, or failing that for what was typed and deleted again."""
        flag = self._inspect_text(passage.text, context)
        if flag is not None or len(passage.deleted_text) < _MIN_DELETED_CHARS:
            return flag
        hidden = self._inspect_text(passage.deleted_text, context)
        if hidden is None:
            return None
        return replace(hidden, reasons=(*hidden.reasons, DELETED_RULE), marks=())

    def draft(self, text: str, context: Sequence[str] = ()) -> Draft:
        """Normaliser, matcher and gate; what ``decide`` completes."""
        return self._weighed(*self.search(text, context))

    def search(self, text: str, context: Sequence[str] = ()) -> tuple[NormalisedText, Found]:
        """Normaliser and matcher: the plain reading, or the repaired one where only that says something."""
        normalised = normalise(text, self._known)
        found = self._matcher.find(normalised, context)
        if normalised.is_plain:
            return normalised, found
        repaired = self._repairer.repaired(normalised)
        if repaired is not None:
            again = self._matcher.find(repaired, context)
            if {match.term.id for match in again.matches} > {match.term.id for match in found.matches}:
                return repaired, again
        return normalised, found

    def _weighed(self, normalised: NormalisedText, found: Found) -> Draft:
        scores = self._gate.score(normalised.text)
        scored = normalised.text
        if any(match.term.theme in NEVER_ALONE for match in found.matches):
            scored = _without_offence(normalised.text, found)
            kept = {theme: score for theme, score in scores.items() if theme in NEVER_ALONE}
            scores = self._gate.score(scored) | kept
        is_unsure = wants_second_look(found, scores, self._thresholds)
        return Draft(normalised, scored, found, scores, is_unsure)

    def decide(self, draft: Draft, second: Mapping[str, float] | None) -> Flag | None:
        """The policy's word on a draft; ``second`` is the second look's answer, if it was asked."""
        judgement = judge(
            draft.found,
            draft.scores,
            _by_theme(second),
            thresholds=self._thresholds,
            device_policy=self._device_policy,
        )
        return None if judgement is None else _flag(judgement, draft.normalised)

    def _inspect_text(self, text: str, context: Sequence[str]) -> Flag | None:
        normalised, found = self.search(text, context)
        if not found.matches and self._gate.is_quiet(normalised.words):
            return None  # nearly all that anybody types ends here, after a few microseconds
        draft = self._weighed(normalised, found)
        if draft.is_unsure and self._second_look is not None:
            return self.decide(draft, self._second_look(draft.scored))
        return self.decide(draft, None)


def theme_scores(draft: Draft, second: Mapping[str, float] | None) -> dict[Theme, float]:
    """One probability per theme with the Terms' weights taken in, for evaluation."""
    scores = blend(draft.scores, _by_theme(second))
    for match in draft.found.matches:
        theme = match.term.theme
        scores[theme] = 1.0 - (1.0 - scores.get(theme, 0.0)) * (1.0 - match.term.weight)
    return scores


def _without_offence(text: str, found: Found) -> str:
    """The text with the words of offensive Terms cut out, spaces kept single."""
    pieces, at = [], 0
    for match in found.matches:
        if match.term.theme in NEVER_ALONE and match.end > at:
            pieces.append(text[at : max(match.start, at)])
            at = match.end
    pieces.append(text[at:])
    return " " + " ".join(" ".join(pieces).split()) + " "


def _by_theme(second: Mapping[str, float] | None) -> dict[Theme, float] | None:
    """The answer by Theme; offence is left to the gate, which read the whole text."""
    if second is None:
        return None
    return {Theme(name): value for name, value in second.items() if Theme(name) not in NEVER_ALONE}


def _flag(judgement: Judgement, normalised: NormalisedText) -> Flag:
    marks = tuple(Mark(*normalised.span(mark.start, mark.end), mark.theme) for mark in judgement.marks)
    return Flag(
        theme=judgement.theme,
        severity=judgement.severity,
        probability=judgement.probability,
        reasons=judgement.reasons,
        marks=marks,
        normalised=normalised.text.strip(),
    )
