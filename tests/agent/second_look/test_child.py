"""The child as the resident process sees it: it wakes, answers, dies, dawdles and falls asleep."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from agent.second_look.child import SecondLook

SHIPPED = Path(__file__).parents[3] / "models" / "shipped"
_PATIENT_S = 60.0
ECHO = """
import json, sys
for line in sys.stdin:
    body = json.loads(line)
    {before}
    print(json.dumps({{"id": body["id"], "scores": {{"T05": len(body["text"]) / 100}}}}), flush=True)
    {after}
"""


def scripted(before: str = "pass", after: str = "pass") -> list[str]:
    """A child that answers at once, with something done before or after each answer."""
    return [sys.executable, "-c", ECHO.format(before=before, after=after)]


Wake = Callable[..., SecondLook]


@pytest.fixture
def wake() -> Iterator[Wake]:
    """Makes second looks with patience for a busy machine, and stops every one of them."""
    made: list[SecondLook] = []

    def make(command: Sequence[str] | None = None, answer_s: float = _PATIENT_S) -> SecondLook:
        made.append(SecondLook(SHIPPED, command=command, answer_s=answer_s))
        return made[-1]

    yield make
    for look in made:
        look.stop()


@pytest.fixture
def real(wake: Wake) -> SecondLook:
    """The shipped classifier."""
    return wake()


def ended(look: SecondLook, within_s: float) -> bool:
    """Whether the child is gone within some seconds."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if look.process_id() is None:
            return True
        time.sleep(0.05)
    return False


def test_the_real_child_scores_and_keeps_no_window_open_after_stop(real: SecondLook) -> None:
    """The disclosure scores high, the football line low; stop leaves no process."""
    assert real.process_id() is None
    harmful = real.score(" my stepdad hits me when hes drunk ")
    harmless = real.score(" do you want to play football after school ")
    assert harmful is not None
    assert harmless is not None
    assert harmful["T05"] > 0.5 > harmless["T05"]
    number = real.process_id()
    assert number is not None
    real.stop()
    assert real.process_id() is None
    assert not psutil.pid_exists(number)


def test_a_killed_child_is_woken_again(real: SecondLook) -> None:
    """Death between two questions is not noticed by whoever asks."""
    first = real.score(" hello ")
    number = real.process_id()
    assert number is not None
    psutil.Process(number).kill()
    assert real.score(" hello ") == first
    assert real.process_id() != number


def test_a_child_that_cannot_start_gives_none(wake: Wake) -> None:
    """No such program: the gate stands alone."""
    look = wake(["/nonexistent/second-look"])
    assert look.score(" hello ") is None


def test_a_child_that_dies_on_every_question_gives_none(wake: Wake) -> None:
    """Two tries, then silence."""
    look = wake(scripted(before="sys.exit(3)"))
    assert look.score(" hello ") is None


def test_a_slow_child_gives_none_in_time_and_its_late_answer_is_dropped(wake: Wake) -> None:
    """The limit holds; the next answer belongs to the next question."""
    slow_once = "import time; time.sleep(1.5 if body['id'] == 2 else 0)"
    look = wake(scripted(before=slow_once))
    assert look.score("x" * 10) == {"T05": 0.1}
    look._answer_s = 0.3
    began = time.monotonic()
    assert look.score("x" * 20) is None
    assert time.monotonic() - began < 1.2
    look._answer_s = _PATIENT_S
    assert look.score("x" * 30) == {"T05": 0.3}


def test_a_child_that_stays_silent_is_replaced(wake: Wake, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hung child is ended after some patience, so that the next question meets a fresh one."""
    monkeypatch.setattr("agent.second_look.child._GIVE_UP_S", 0.0)
    look = wake(scripted(before="import time; time.sleep(60)"), answer_s=0.1)
    assert look.score(" a ") is None
    number = look.process_id()
    assert look.score(" b ") is None
    assert look.process_id() is None
    assert number is not None
    assert not psutil.pid_exists(number)


def test_a_child_that_babbles_gives_none(wake: Wake) -> None:
    """An answer that is no answer ends the child, not the agent."""
    look = wake(scripted(before="print('babble', flush=True)"), answer_s=1.0)
    assert look.score(" hello ") is None


def test_the_child_falls_asleep_by_itself(wake: Wake) -> None:
    """After its idle time it is gone, with all its memory, and wakes for the next question."""
    command = [sys.executable, "-m", "agent.second_look.look", str(SHIPPED), "0.5"]
    look = wake(command)
    first = look.score(" hello ")
    assert first is not None
    assert ended(look, 20)
    assert look.score(" hello ") == first
