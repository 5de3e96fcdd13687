"""The five steps together, with the shipped pack: what must be seen, and its harmless twin."""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.inspection.buffer import Focus, Passage
from agent.inspection.pipeline import DELETED_RULE, Flag, Pipeline, theme_scores
from agent.upkeep.pack import load_pack
from shared.device_policy import DevicePolicy
from shared.taxonomy import Severity, Theme

SHIPPED = Path(__file__).parents[3] / "models" / "shipped"
FOCUS = Focus("editor", "Untitled", "", False, 1)
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PACK = load_pack(SHIPPED)
PIPELINE = Pipeline(PACK, None)


def typed(text: str, deleted: str = "") -> Passage:
    """A passage as the buffer closes it."""
    return Passage(text, deleted, FOCUS, NOW, NOW)


def flag_of(text: str, *context: str) -> Flag | None:
    """What the shipped pack decides, without a second look."""
    return PIPELINE.inspect(typed(text), context)


@pytest.mark.parametrize(
    "text",
    [
        "i dont feel safe at home, my stepdad hits me when hes drunk",
        "I don't feel safe at home, my step-dad hits me when he's drunk.",
        "I DONT FEEL SAFE AT HOME MY STEPDAD HITS ME WHEN HES DRUNK",
        "my stepdad hits me when hes drunk and i dont feel safe",
        "i d0nt feel s4fe at h0me, my stepdad h1ts me when hes drunk",
        "i dont feel safe at hoooome, my stepdad hits me when hes drunk",
        "i dont fееl safе at homе, my stepdad hits me when hes drunk",
        "hi miss, i wanted to say i dont feel safe at home. my stepdad hits me when hes drunk. please help",
    ],
)
def test_the_story_is_seen(text: str) -> None:
    """Abuse disclosure, Vulnerable Person, Level 4, and nearly certain."""
    flag = flag_of(text)
    assert flag is not None
    assert flag.theme is Theme.ABUSE_DISCLOSURE
    assert flag.theme.category.label == "Vulnerable Person"
    assert flag.severity is Severity.LEVEL_4
    assert flag.probability > 0.9
    assert flag.marks


@pytest.mark.parametrize(
    ("theme", "seen", "harmless"),
    [
        (Theme.SUICIDE, "i want to kill myself", "this homework is killing me"),
        (Theme.SUICIDE, "i wish i was dead", "i wish i was in bed"),
        (Theme.SUICIDE, "i dont want to be alive anymore", "i dont want to be in this group anymore"),
        (Theme.SUICIDE, "i want to die", "i want to die in minecraft and respawn"),
        (Theme.SUICIDE, "my friend wants to kill herself", "lady macbeth wants to kill duncan"),
        (Theme.SELF_HARM, "ive been cutting myself again", "ive been cutting the paper again"),
        (Theme.SELF_HARM, "i hide my scars from mum", "i hide my phone from mum"),
        (Theme.EATING, "i make myself sick after every meal", "i make myself toast after every match"),
        (Theme.EATING, "havent eaten in days and im scared to eat", "havent eaten yet, what is for lunch"),
        (
            Theme.DISTRESS,
            "i cry myself to sleep and nobody cares about me",
            "i cried at the film it was so good",
        ),
        (Theme.ABUSE_DISCLOSURE, "my dad hits me", "my dad hits the gym"),
        (Theme.ABUSE_DISCLOSURE, "my mum beats me", "my mum beats me at chess"),
        (Theme.ABUSE_DISCLOSURE, "im scared to go home", "im going home"),
        (Theme.ABUSE_DISCLOSURE, "my dad hits me if i dont do my homework", "my dad helps me do my homework"),
        (Theme.MISSING, "im running away tonight", "im running late tonight"),
        (Theme.MISSING, "kicked out of home and nowhere to sleep tonight", "picked up from home at four"),
        (
            Theme.GROOMING,
            "he said keep it secret and delete the messages",
            "its a surprise party so keep it secret",
        ),
        (Theme.GROOMING, "he is threatening to post my pictures", "she is going to post the team pictures"),
        (Theme.CRIMINAL_EXPLOITATION, "they make me carry drugs", "they make me carry the chairs"),
        (Theme.SEXUAL_CONTENT, "he leaked my nudes", "the tap leaked again"),
        (Theme.BULLYING, "they keep bullying me", "we made an anti bullying poster"),
        (Theme.BULLYING, "everyone told me to kill myself", "everyone told me to revise"),
        (Theme.HATE, "go back to your own country", "go back to your own seat"),
        (
            Theme.VIOLENCE,
            "im going to bring a knife to school",
            "bring a knife and chop the onions in food tech",
        ),
        (Theme.VIOLENCE, "im going to shoot up the school", "im going to shoot from outside the box"),
        (Theme.EXTREMISM, "i want to join isis", "isis was a goddess in ancient egypt"),
        (Theme.SUBSTANCES, "hes selling vapes at break", "vaping is bad for your lungs, pshe poster"),
        (Theme.GAMBLING, "i lost all my money betting", "i bet you a pound it rains"),
        (Theme.CYBER, "how to bypass the school filter", "how to filter sand from water"),
    ],
)
def test_the_harmful_line_is_seen_and_its_twin_is_not(theme: Theme, seen: str, harmless: str) -> None:
    """A minimal pair per risk: one or two words apart."""
    flag = flag_of(seen)
    assert flag is not None
    assert flag.theme is theme
    assert flag_of(harmless) is None


@pytest.mark.parametrize(
    "text",
    [
        "i am gay and i told my mum today",
        "is it normal to be trans",
        "when does ramadan start this year",
        "my church group meets on sunday",
        "i support the greens and my dad votes labour",
        "where can i get contraception advice",
        "how do i use a tampon",
        "what happens to boys in puberty",
        "my parents are polish and we speak it at home",
        "fucking hell this maths is shit",
        "",
        "1 2 3",
    ],
)
def test_who_you_are_and_how_you_swear_is_not_a_risk(text: str) -> None:
    """Sexuality, faith, politics, bodies and plain swearing are never themes (DOMAIN.md B1)."""
    assert flag_of(text) is None


def test_marks_point_at_the_typed_words() -> None:
    """What a moderator sees highlighted is what was typed, tricks and all."""
    text = "Um, hello… I don't feel  SAFE at h0me!"
    flag = flag_of(text)
    assert flag is not None
    assert text[flag.marks[0].start : flag.marks[0].end] == "don't feel  SAFE at h0me"
    assert flag.normalised == "um hello i dont feel safe at home"


def test_reasons_are_ids_and_rules_never_text() -> None:
    """What travels readable gives nothing away."""
    flag = flag_of("my stepdad hits me and my mum tonight")
    assert flag is not None
    ids = {f"term:{term.id}" for term in PACK.phrases.terms}
    rules = {"rule:now", DELETED_RULE} | {f"model:{theme.value}" for theme in Theme}
    assert set(flag.reasons) <= ids | rules


def test_what_was_deleted_is_seen_too() -> None:
    """Typed, thought better of, deleted: still a cry for help, marked as such and without marks."""
    flag = PIPELINE.inspect(typed("never mind", deleted="my dad hits me"), ())
    assert flag is not None
    assert flag.reasons[-1] == DELETED_RULE
    assert flag.marks == ()
    assert PIPELINE.inspect(typed("never mind", deleted="my dad helps me"), ()) is None


def test_context_tells_who_he_is() -> None:
    """The same short passage, with and without what was typed before."""
    told = "term:T05.he-hits-me"
    without = flag_of("he slapped me", "see you at training")
    assert without is None or told not in without.reasons
    flag = flag_of("he slapped me", "my stepdad was angry again")
    assert flag is not None
    assert flag.theme is Theme.ABUSE_DISCLOSURE
    assert told in flag.reasons


def test_a_theme_switched_off_stays_silent() -> None:
    """The device policy reaches the judgement."""
    quiet = Pipeline(PACK, None, DevicePolicy(themes_off=(Theme.GAMBLING,)))
    assert quiet.inspect(typed("i lost all my money betting"), ()) is None


def test_the_second_look_is_asked_with_folded_text_and_its_silence_changes_nothing() -> None:
    """Asked only when unsure; None leaves the gate's decision."""
    asked: list[str] = []

    def nobody(text: str) -> Mapping[str, float] | None:
        asked.append(text)
        return None

    with_nobody = Pipeline(PACK, nobody)
    assert with_nobody.inspect(typed("my dad hits me"), ()) == flag_of("my dad hits me")
    assert asked == []
    unsure = "I feel so low, my life sucks"
    assert with_nobody.inspect(typed(unsure), ()) == flag_of(unsure)
    assert asked == [" i feel so low my life sucks "]


def test_the_second_look_can_bring_a_flag() -> None:
    """A passage the gate alone lets go, that both together do not."""
    unsure = "nobody likes me at the club"
    certain = Pipeline(PACK, lambda text: dict.fromkeys((theme.value for theme in PACK.thresholds), 0.999999))
    assert PIPELINE.draft(unsure).is_unsure
    assert flag_of(unsure) is None
    flag = certain.inspect(typed(unsure), ())
    assert flag is not None


def test_same_input_same_output() -> None:
    """Pure: order and repetition do not matter."""
    texts = ["my dad hits me", "what is for lunch", "i wish i was dead"]
    first = [flag_of(text) for text in texts]
    assert [flag_of(text) for text in reversed(texts)] == first[::-1]
    assert Pipeline(PACK, None).inspect(typed(texts[0]), ()) == first[0]
    assert PIPELINE.pack_version == PACK.version


def test_scores_for_evaluation_take_the_terms_in() -> None:
    """A matched term raises its theme, and nothing else."""
    draft = PIPELINE.draft("my dad hits me")
    scores = theme_scores(draft, None)
    assert scores[Theme.ABUSE_DISCLOSURE] > 0.94
    assert scores[Theme.GAMBLING] == draft.scores[Theme.GAMBLING]


def test_inspection_pulls_in_no_heavy_module() -> None:
    """The resident process stays small: no numpy, ONNX, sockets or logging through this room."""
    code = (
        "import sys, json\n"
        "import agent.inspection.pipeline, agent.second_look.child, agent.upkeep.pack\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(ran.stdout))
    assert not loaded & {
        *("numpy", "onnxruntime", "sklearn", "scipy", "websockets", "pynput", "mss", "sqlite3"),
        *("tomllib", "agent.inspection.lexicon"),  # compiling is for those who make a pack
    }
