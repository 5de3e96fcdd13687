"""The judgement, rule by rule: floors, strong and weak terms, profanity, the second look, marks."""

import pytest

from agent.inspection.matcher import Found, Match, Term
from agent.inspection.policy import REVIEW_FLOOR, Judgement, Thresholds, blend, judge, wants_second_look
from shared.device_policy import DevicePolicy
from shared.taxonomy import Category, Severity, Theme

LIMITS = Thresholds(ask=0.2, gate=0.9, both=0.7, with_term=0.3)
THRESHOLDS = {theme: LIMITS for theme in Theme if theme is not Theme.OFFENSIVE}


def term(name: str, level: int = 4, weight: float = 0.9, *, alone: bool = True) -> Term:
    """A term whose theme is in its name."""
    return Term(name, Theme(name[:3]), Severity(level), weight, alone, ("x",))


def found(*terms: Term, cues: tuple[str, ...] = ()) -> Found:
    """Matches of ten characters, one after the other."""
    return Found(tuple(Match(one, at * 10, at * 10 + 9) for at, one in enumerate(terms)), frozenset(cues))


def decide(
    seen: Found,
    scores: dict[Theme, float] | None = None,
    second: dict[Theme, float] | None = None,
    device_policy: DevicePolicy | None = None,
) -> Judgement | None:
    """The policy under the limits above."""
    return judge(
        seen, scores or {}, second, thresholds=THRESHOLDS, device_policy=device_policy or DevicePolicy()
    )


def test_nothing_found_nothing_scored_is_nothing() -> None:
    """The ordinary hour."""
    assert decide(found(), dict.fromkeys(THRESHOLDS, 0.1)) is None


def test_a_strong_term_flags_alone_with_its_level_and_reason() -> None:
    """No classifier needed."""
    judged = decide(found(term("T05.hit")))
    assert judged is not None
    assert (judged.theme, judged.severity) == (Theme.ABUSE_DISCLOSURE, Severity.LEVEL_4)
    assert judged.reasons == ("term:T05.hit",)
    assert judged.probability == pytest.approx(0.9)


def test_a_weak_term_needs_agreement() -> None:
    """The classifier's lower threshold, or another weak term beside it."""
    weak = term("T04.low", 2, 0.3, alone=False)
    assert decide(found(weak), {Theme.DISTRESS: 0.29}) is None
    assert decide(found(weak), {Theme.DISTRESS: 0.31}) is not None
    assert decide(found(weak, weak)) is None
    many = [term(f"T04.low{at}", 2, 0.4, alone=False) for at in range(3)]
    assert decide(found(*many)) is not None


@pytest.mark.parametrize(("score", "flags"), [(0.89, False), (0.91, True)])
def test_the_gate_alone_decides_when_nobody_answers(score: float, flags: bool) -> None:
    """A dead child never silences."""
    assert (decide(found(), {Theme.ABUSE_DISCLOSURE: score}) is not None) is flags


def test_the_second_look_can_raise_and_can_quieten() -> None:
    """Both together have a threshold of their own."""
    gate = {Theme.ABUSE_DISCLOSURE: 0.6}
    assert decide(found(), gate, {Theme.ABUSE_DISCLOSURE: 0.9}) is not None
    assert decide(found(), {Theme.ABUSE_DISCLOSURE: 0.92}, {Theme.ABUSE_DISCLOSURE: 0.01}) is None


def test_profanity_never_flags_alone() -> None:
    """Neither as terms nor as a score."""
    swears = [term(f"T17.x{at}", 5, 0.9) for at in range(4)]
    assert decide(found(*swears), {Theme.OFFENSIVE: 0.999}, {Theme.OFFENSIVE: 0.999}) is None


@pytest.mark.parametrize("theme", [theme for theme in Theme if theme is not Theme.OFFENSIVE])
def test_every_category_keeps_its_review_floor(theme: Theme) -> None:
    """One level below the floor is counted, never sent."""
    floor = REVIEW_FLOOR[theme.category]
    at_floor = decide(found(term(f"{theme.value}.x", int(floor))))
    assert at_floor is not None
    assert at_floor.severity == floor
    if floor > Severity.LEVEL_1:
        assert decide(found(term(f"{theme.value}.x", int(floor) - 1))) is None


def test_the_floors_are_the_market_leaders() -> None:
    """DOMAIN.md B3: VP, TE, GR from 1; BU, VI, SX from 2; OF, OS from 3; every category has one."""
    assert set(REVIEW_FLOOR) == set(Category)
    for name, level in {"VP": 1, "TE": 1, "GR": 1, "BU": 2, "VI": 2, "SX": 2, "OF": 3, "OS": 3}.items():
        assert REVIEW_FLOOR[Category(name)] == level


def test_a_theme_switched_off_is_not_judged() -> None:
    """The device policy's word is final."""
    off = DevicePolicy(themes_off=(Theme.GAMBLING,))
    assert decide(found(term("T15.x", 3)), device_policy=off) is None
    assert decide(found(term("T15.x", 3))) is not None


def test_now_raises_by_one_and_never_beyond_five() -> None:
    """Immediacy (DOMAIN.md B3), only where it hastens."""
    raised = decide(found(term("T05.x", 4), cues=("now",)))
    assert raised is not None
    assert raised.severity == Severity.LEVEL_5
    assert raised.reasons[-1] == "rule:now"
    capped = decide(found(term("T01.x", 5), cues=("now",)))
    assert capped is not None
    assert capped.severity == Severity.LEVEL_5
    gambling = decide(found(term("T15.x", 2), cues=("now",)))
    assert gambling is not None
    assert gambling.severity == Severity.LEVEL_2


def test_the_gravest_theme_leads_and_all_give_reasons() -> None:
    """A severe disclosure beside a mild theme."""
    judged = decide(found(term("T10.x", 3, 0.99), term("T05.x", 4, 0.8)))
    assert judged is not None
    assert judged.theme is Theme.ABUSE_DISCLOSURE
    assert set(judged.reasons) == {"term:T10.x", "term:T05.x"}
    assert [mark.theme for mark in judged.marks] == [Theme.BULLYING, Theme.ABUSE_DISCLOSURE]


def test_overlapping_marks_keep_the_longer() -> None:
    """A moderator sees one highlight, not three."""
    one, other = term("T05.x"), term("T05.y")
    judged = decide(Found((Match(one, 0, 10), Match(other, 0, 20), Match(one, 5, 12)), frozenset()))
    assert judged is not None
    assert [(mark.start, mark.end) for mark in judged.marks] == [(0, 20)]


def test_made_up_violence_needs_more_and_a_disclosure_does_not() -> None:
    """A play explains a murder; it never explains away what happens at home."""
    killing, hurting = {Theme.VIOLENCE: 0.95}, {Theme.ABUSE_DISCLOSURE: 0.95}
    assert decide(found(), killing) is not None
    assert decide(found(cues=("fiction",)), killing) is None
    assert decide(found(cues=("fiction",)), {Theme.VIOLENCE: 0.99}) is not None
    assert decide(found(cues=("fiction", "game", "study")), hurting) is not None


def test_the_second_look_is_asked_only_when_unsure() -> None:
    """A band of the gate, or a term that needs agreement; never after a strong term."""
    assert not wants_second_look(found(), {Theme.DISTRESS: 0.1}, THRESHOLDS)
    assert wants_second_look(found(), {Theme.DISTRESS: 0.3}, THRESHOLDS)
    assert wants_second_look(found(term("T04.x", alone=False)), {}, THRESHOLDS)
    assert not wants_second_look(found(term("T05.x")), {Theme.DISTRESS: 0.3}, THRESHOLDS)
    assert not wants_second_look(found(term("T17.x", alone=False)), {Theme.OFFENSIVE: 1.0}, THRESHOLDS)


def test_blending_is_the_mean_of_the_log_odds() -> None:
    """Equal and opposite looks cancel out; a theme that only one judged keeps its score."""
    blended = blend({Theme.DISTRESS: 0.9, Theme.EATING: 0.4}, {Theme.DISTRESS: 0.1})
    assert blended[Theme.DISTRESS] == pytest.approx(0.5)
    assert blended[Theme.EATING] == pytest.approx(0.4)
