"""Matches, Scores and DevicePolicy in; a Flag's judgement or nothing out.

Follows the level anchors and human-review floors of DOMAIN.md §B3. Reasons are term ids and rule
names, never text. Never: the text itself (only offsets pass through here).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from agent.inspection.gate import logit, sigmoid
from agent.inspection.matcher import Found, Match
from shared.device_policy import DevicePolicy
from shared.event import Mark
from shared.taxonomy import Category, Severity, Theme

NOW_CUE = "now"
REVIEW_FLOOR: Mapping[Category, Severity] = {
    Category.VULNERABLE_PERSON: Severity.LEVEL_1,
    Category.EXTREMISM: Severity.LEVEL_1,
    Category.GROOMING: Severity.LEVEL_1,
    Category.BULLYING: Severity.LEVEL_2,
    Category.VIOLENCE: Severity.LEVEL_2,
    Category.SEXUAL_CONTENT: Severity.LEVEL_2,
    Category.SUBSTANCES: Severity.LEVEL_2,
    Category.CYBER: Severity.LEVEL_2,
    Category.GENERAL: Severity.LEVEL_2,
    Category.OFFENSIVE: Severity.LEVEL_3,
    Category.OVERSHARING: Severity.LEVEL_3,
    Category.SUSPECTED_TEST: Severity.LEVEL_1,
}
"""Below its category's floor a judgement is counted on the device and goes no further."""

NEVER_ALONE = frozenset({Theme.OFFENSIVE})
"""Profanity does not flag; it only stands beside another theme's reason."""

_HASTENED = frozenset({Theme.SUICIDE, Theme.SELF_HARM, Theme.ABUSE_DISCLOSURE, Theme.MISSING, Theme.VIOLENCE})
_MODEL_LEVEL: Mapping[Theme, tuple[int, int]] = {
    Theme.SUICIDE: (3, 4),
    Theme.SELF_HARM: (3, 4),
    Theme.EATING: (3, 3),
    Theme.DISTRESS: (2, 3),
    Theme.ABUSE_DISCLOSURE: (4, 4),
    Theme.MISSING: (3, 3),
    Theme.GROOMING: (3, 4),
    Theme.CRIMINAL_EXPLOITATION: (3, 4),
    Theme.SEXUAL_CONTENT: (2, 3),
    Theme.BULLYING: (2, 3),
    Theme.HATE: (2, 3),
    Theme.VIOLENCE: (3, 3),
    Theme.EXTREMISM: (3, 3),
    Theme.SUBSTANCES: (2, 3),
    Theme.GAMBLING: (2, 2),
    Theme.OVERSHARING: (2, 3),
    Theme.CYBER: (2, 2),
}
"""The level of a theme that only the classifier saw: usually, and when it is nearly certain."""
_NEARLY_CERTAIN = 0.95
_WEAK_TERMS_TOGETHER = 0.75
_MADE_UP: Mapping[str, frozenset[Theme]] = {
    "fiction": frozenset(
        {
            Theme.SUICIDE,
            Theme.SEXUAL_CONTENT,
            Theme.BULLYING,
            Theme.HATE,
            Theme.VIOLENCE,
            Theme.EXTREMISM,
            Theme.SUBSTANCES,
        }
    ),
    "game": frozenset({Theme.VIOLENCE, Theme.EXTREMISM}),
    "study": frozenset({Theme.HATE, Theme.VIOLENCE, Theme.EXTREMISM, Theme.SUBSTANCES}),
}
"""Cues of coursework, lyrics and games, and the themes whose words they explain. Never abuse or grooming."""
_CERTAIN_ALTHOUGH_MADE_UP = 0.98


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities of one theme, fitted on benign text (models/README.md)."""

    ask: float
    """From here on the second look is asked."""
    gate: float
    """The gate alone flags from here, when there is no second look."""
    both: float
    """Gate and second look together flag from here."""
    with_term: float
    """Either flags from here when a Term agrees that could not flag alone."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the policy decided. Marks are offsets into the normalised text."""

    theme: Theme
    severity: Severity
    probability: float
    reasons: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """The decision that a human must see this Passage. Marks are offsets into ``passage.text``."""

    theme: Theme
    severity: Severity
    probability: float
    reasons: tuple[str, ...]
    marks: tuple[Mark, ...]
    normalised: str


def wants_second_look(
    found: Found, scores: Mapping[Theme, float], thresholds: Mapping[Theme, Thresholds]
) -> bool:
    """Whether the gate is unsure: some score in its band, or a Term that needs agreement.

    A Term that flags alone has already decided, so the second look is left asleep.
    """
    if any(match.term.alone for match in found.matches):
        return False
    if any(match.term.theme not in NEVER_ALONE for match in found.matches):
        return True
    return any(
        scores.get(theme, 0.0) >= limits.ask
        for theme, limits in thresholds.items()
        if theme not in NEVER_ALONE
    )


def blend(scores: Mapping[Theme, float], second: Mapping[Theme, float] | None) -> dict[Theme, float]:
    """Gate and second look as one probability per theme: the mean of their log-odds."""
    if second is None:
        return dict(scores)
    return {
        theme: sigmoid((logit(first) + logit(second[theme])) / 2) if theme in second else first
        for theme, first in scores.items()
    }


def judge(
    found: Found,
    scores: Mapping[Theme, float],
    second: Mapping[Theme, float] | None,
    *,
    thresholds: Mapping[Theme, Thresholds],
    device_policy: DevicePolicy,
) -> Judgement | None:
    """The gravest theme that a human must see, or None."""
    blended = blend(scores, second)
    by_theme: dict[Theme, list[Match]] = {}
    for match in found.matches:
        by_theme.setdefault(match.term.theme, []).append(match)
    judged: list[Judgement] = []
    for theme in {*blended, *by_theme} - {*device_policy.themes_off} - NEVER_ALONE:
        judgement = _judge_theme(
            theme,
            by_theme.get(theme, ()),
            blended.get(theme, 0.0),
            limits=thresholds.get(theme),
            has_second_look=second is not None,
            cues=found.cues,
        )
        if judgement is not None and judgement.severity >= REVIEW_FLOOR[theme.category]:
            judged.append(judgement)
    if not judged:
        return None
    judged.sort(key=lambda one: (-one.severity, -one.probability, one.theme))
    return Judgement(
        theme=judged[0].theme,
        severity=judged[0].severity,
        probability=judged[0].probability,
        reasons=tuple(dict.fromkeys(reason for one in judged for reason in one.reasons)),
        marks=_without_overlaps(mark for one in judged for mark in one.marks),
    )


def _judge_theme(
    theme: Theme,
    matches: Sequence[Match],
    probability: float,
    *,
    limits: Thresholds | None,
    has_second_look: bool,
    cues: frozenset[str],
) -> Judgement | None:
    weights = {match.term.id: match.term.weight for match in matches}
    together = 1.0 - prod(1.0 - weight for weight in weights.values())
    is_strong = any(match.term.alone for match in matches)
    is_scored = limits is not None and probability >= (limits.both if has_second_look else limits.gate)
    if any(theme in _MADE_UP.get(cue, ()) for cue in cues):
        is_scored = is_scored and probability >= _CERTAIN_ALTHOUGH_MADE_UP
    agrees = limits is not None and bool(matches) and probability >= limits.with_term
    is_crowd = len(weights) > 1 and together >= _WEAK_TERMS_TOGETHER
    if not (is_strong or is_scored or agrees or is_crowd):
        return None
    reasons = [f"term:{name}" for name in weights]
    if is_scored or agrees:
        reasons.append(f"model:{theme.value}")
    severity = max((match.term.severity for match in matches), default=Severity.LEVEL_1)
    if is_scored and not is_strong:
        usual, certain = _MODEL_LEVEL.get(theme, (1, 1))
        severity = max(severity, Severity(certain if probability >= _NEARLY_CERTAIN else usual))
    if matches and NOW_CUE in cues and theme in _HASTENED and severity < Severity.LEVEL_5:
        severity = Severity(severity + 1)
        reasons.append("rule:now")
    return Judgement(
        theme=theme,
        severity=severity,
        probability=min(1.0 - (1.0 - probability) * (1.0 - together), 1.0),
        reasons=tuple(reasons),
        marks=tuple(Mark(match.start, match.end, theme) for match in matches),
    )


def _without_overlaps(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks from left to right, the longer of two that overlap; neighbours may share one space."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda one: (one.start, -one.end)):
        if not kept or mark.start >= kept[-1].end - 1:
            kept.append(mark)
    return tuple(kept)
