"""The worker: Passages are inspected with their context, Flags become Events, trouble ends nothing."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pytest

from agent.capture.sensed import Refocused, SenseQueue, Typed
from agent.evidence.assembler import Assembler, Evidence
from agent.evidence.watcher import Watcher
from agent.inspection.buffer import Focus, KeyPress, Kind, Passage
from agent.inspection.policy import Flag
from shared.device_policy import DevicePolicy
from tests.kit.passages import CHAT, WORDS, a_flag

SECRET = Focus("browser", "", "", True, 9)


class Inspector:
    """Flags what says "safe", breaks on "boom", remembers what it saw."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, list[str]]] = []

    def inspect(self, passage: Passage, context: Sequence[str]) -> Flag | None:
        self.seen.append((passage.text, passage.deleted_text, list(context)))
        if "boom" in passage.text:
            raise RuntimeError("broken")
        return a_flag(text=passage.text) if "safe" in passage.text else None


class Stage:
    """A running watcher and what came out of it."""

    def __init__(self, policy: DevicePolicy | None = None) -> None:
        self.sensed: SenseQueue = SenseQueue()
        self.inspector = Inspector()
        self.delivered: list[Evidence] = []
        self.pictured: list[Focus] = []
        self.refusals = 0
        self.watcher = Watcher(
            self.sensed,
            self.inspector,
            Assembler("mokafor", b"k" * 32, "1", os.urandom),
            policy=policy or DevicePolicy(),
            picture=self.picture,
            deliver=self.deliver,
            wall=lambda: datetime.now(UTC),
        )

    def picture(self, focus: Focus) -> bytes:
        self.pictured.append(focus)
        if focus.application == "broken":
            raise OSError("no screen")
        return b"jpeg"

    def deliver(self, evidence: Evidence) -> None:
        if self.refusals:
            self.refusals -= 1
            raise OSError("disk full")
        self.delivered.append(evidence)

    def press(self, kind: Kind, text: str = "", focus: Focus = CHAT) -> None:
        self.sensed.put(Typed(KeyPress(time.monotonic(), datetime.now(UTC), kind, text), focus))

    def type(self, text: str, focus: Focus = CHAT, *, end: bool = True) -> None:
        for char in text:
            self.press("char", char, focus)
        if end:
            self.press("enter", focus=focus)

    def wait(self, is_so: Callable[[], object]) -> bool:
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            if is_so():
                return True
            time.sleep(0.01)
        return False


@pytest.fixture
def stage() -> Iterator[Stage]:
    staged = Stage()
    staged.watcher.start()
    yield staged
    staged.watcher.stop()


def test_a_flag_becomes_an_event_with_context_and_picture(stage: Stage) -> None:
    stage.type("hello")
    stage.type(WORDS)
    assert stage.wait(lambda: stage.delivered)
    (evidence,) = stage.delivered
    assert evidence.body.passage == WORDS
    assert [one.text for one in evidence.body.context] == ["hello"]
    assert evidence.screenshot == b"jpeg"
    assert stage.pictured == [CHAT]
    assert stage.inspector.seen == [("hello", "", []), (WORDS, "", ["hello"])]
    assert (stage.watcher.passages_seen, stage.watcher.passages_flagged) == (2, 1)
    assert stage.watcher.keys_seen == len("hello") + len(WORDS) + 2


def test_unflagged_text_makes_no_picture_and_nothing_is_delivered(stage: Stage) -> None:
    for _ in range(5):
        stage.type("nothing here")
    assert stage.wait(lambda: stage.watcher.passages_seen == 5)
    assert (stage.delivered, stage.pictured, stage.watcher.screenshots_taken) == ([], [], 0)


def test_a_pause_closes_without_a_further_key(stage: Stage) -> None:
    stage.type(WORDS, end=False)
    assert stage.wait(lambda: stage.delivered)


def test_what_was_pressed_just_before_a_secret_window_is_dropped(stage: Stage) -> None:
    stage.type("hello", end=False)
    stage.sensed.put(Refocused(time.monotonic() - 0.25, SECRET))
    stage.type("there")
    assert stage.wait(lambda: stage.inspector.seen)
    assert stage.inspector.seen == [("there", "", [])]


def test_a_passage_that_breaks_something_is_counted_and_the_watch_goes_on(stage: Stage) -> None:
    stage.type("boom")
    stage.type(WORDS)
    assert stage.wait(lambda: stage.delivered)
    assert stage.watcher.failures == 1


def test_an_event_without_a_picture_is_still_an_event(stage: Stage) -> None:
    stage.type(WORDS, Focus("broken", "", "", False, 3))
    assert stage.wait(lambda: stage.delivered)
    assert stage.delivered[0].screenshot is None
    assert stage.watcher.screenshot_failures == 1


def test_an_event_that_the_spool_refuses_is_kept_and_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.evidence.watcher.RETRY_S", 0.05)
    stage.refusals = 3
    stage.type(WORDS)
    assert stage.wait(lambda: stage.delivered)
    assert len(stage.delivered) == 1
    assert stage.watcher.failures == 3


def test_the_policy_can_forbid_pictures_and_change_at_any_time(stage: Stage) -> None:
    stage.watcher.adopt(stage.inspector, DevicePolicy(screenshots=False, context_minutes=0))
    stage.type("hello")
    stage.type(WORDS)
    assert stage.wait(lambda: stage.delivered)
    assert stage.delivered[0].screenshot is None
    assert stage.delivered[0].body.context == ()
    assert stage.pictured == []


def test_stopping_drops_the_open_passage() -> None:
    stage = Stage()
    stage.watcher.start()
    stage.type(WORDS, end=False)
    stage.watcher.stop()
    assert stage.inspector.seen == []
    assert stage.delivered == []
