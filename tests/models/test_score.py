"""The command's lines, and that it decides as the agent does."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime

from agent.inspection.buffer import Focus, Passage
from agent.inspection.pipeline import Pipeline
from agent.second_look.look import Classifier
from agent.upkeep.pack import load_pack
from models.score import SHIPPED, Question, Scorer, as_line
from shared.taxonomy import Theme

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
LINES = [
    "i dont feel safe at home, my stepdad hits me when hes drunk",
    "what is for lunch today",
    "i feel so low and my life sucks",
    "nobody likes me at the club",
    "he kept calling me ugly in the corridor",
    "",
    "macbeth kills duncan",
    "fucking hell",
]


def test_the_command_answers_line_by_line() -> None:
    """One line in, one line out, blank lines skipped, the keys that others rely on."""
    asked = "\n".join([json.dumps({"text": LINES[0]}), "", json.dumps({"text": LINES[1], "context": ["hi"]})])
    ran = subprocess.run(
        [sys.executable, "-m", "models.score"], input=asked, capture_output=True, text=True, check=True
    )
    first, second = map(json.loads, ran.stdout.splitlines())
    assert (first["flag"], first["level"]) == (True, 4)
    assert first["themes"]["T05"] > 0.9
    assert "term:T05.hit-at-home" in first["reasons"]
    assert (second["flag"], second["level"], second["reasons"]) == (False, 1, [])
    assert second["themes"]["T05"] < 0.1


def test_it_decides_as_the_agent_decides() -> None:
    """Batched or one by one, through the same gate and second look."""
    classifier = Classifier(SHIPPED)
    pipeline = Pipeline(load_pack(SHIPPED), lambda text: classifier.score([text])[0])
    focus = Focus("editor", "", "", False, 1)
    for line, decision in zip(LINES, Scorer().decide(map(Question, LINES)), strict=True):
        flag = pipeline.inspect(Passage(line, "", focus, NOW, NOW), ())
        assert (flag is None) == (decision.flag is None)
        if flag is not None and decision.flag is not None:
            assert flag.reasons == decision.flag.reasons
            assert flag.severity == decision.flag.severity
            assert abs(flag.probability - decision.flag.probability) < 1e-4


def test_context_reaches_the_decision() -> None:
    """What was typed before tells who he is."""
    without, with_context = Scorer().decide(
        [Question("he slapped me"), Question("he slapped me", ("my stepdad is angry",))]
    )
    told = "term:T05.he-hits-me"
    assert without.flag is None or told not in without.flag.reasons
    assert with_context.flag is not None
    assert told in with_context.flag.reasons
    assert Theme.ABUSE_DISCLOSURE in with_context.themes
    assert json.loads(as_line(with_context))["flag"] is True


def test_it_reads_tens_of_thousands_of_lines_a_minute() -> None:
    """At least 20,000 a minute of processor time, ordinary and harmful mixed."""
    scorer = Scorer()
    began = time.process_time()
    decided = sum(1 for _ in scorer.decide(Question(f"{line} {at}") for at in range(250) for line in LINES))
    assert decided == 2000
    assert time.process_time() - began < 6.0
