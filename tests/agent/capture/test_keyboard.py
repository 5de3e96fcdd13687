"""The capture boundary: order is kept, secrets never reach the queue, stopping is at once."""

from datetime import UTC, datetime

from agent.capture.focus import FocusRules
from agent.capture.keyboard import KeyboardCapture
from agent.capture.permission import NoticeShown
from agent.capture.sensed import Refocused, Sensed, SenseQueue, Typed
from tests.kit.senses import NINE, FakeDesktop

SHOWN = NoticeShown(1, datetime(2026, 11, 16, tzinfo=UTC), "mokafor")


def capture_on(desktop: FakeDesktop) -> tuple[KeyboardCapture, SenseQueue]:
    sensed = SenseQueue()
    capture = KeyboardCapture(SHOWN, desktop, sensed, rules=FocusRules(()), wall=lambda: NINE)
    capture.start()
    return capture, sensed


def drained(sensed: SenseQueue) -> list[Sensed]:
    return [sensed.get() for _ in range(sensed.qsize())]


def test_keys_and_focus_arrive_in_order() -> None:
    desktop = FakeDesktop()
    _, sensed = capture_on(desktop)
    desktop.activate("Chat")
    desktop.press("ab")
    desktop.activate("Essay", window_id=2)
    desktop.press("c")
    kinds = [(type(one).__name__, one.focus.window_id) for one in drained(sensed) if not isinstance(one, int)]  # type: ignore[union-attr]
    assert kinds == [("Refocused", 1), ("Typed", 1), ("Typed", 1), ("Refocused", 2), ("Typed", 2)]


def test_secret_keys_never_reach_the_queue() -> None:
    desktop = FakeDesktop()
    _, sensed = capture_on(desktop)
    desktop.press("before any window is known")
    desktop.activate("Sign in")
    desktop.press("hunter2")
    desktop.activate("Chat")
    desktop.press("ok")
    found = drained(sensed)
    assert [one.key.text for one in found if isinstance(one, Typed)] == ["o", "k"]
    assert [one.focus.is_secret for one in found if isinstance(one, Refocused)] == [True, False]


def test_after_stop_nothing_is_kept_even_if_the_desktop_still_reports() -> None:
    desktop = FakeDesktop()
    capture, sensed = capture_on(desktop)
    desktop.activate("Chat")
    assert capture.is_listening
    capture.stop()
    capture.stop()
    assert not capture.is_listening
    assert all(watch.is_stopped for watch in desktop.watches)
    drained(sensed)
    desktop.press("late")
    assert drained(sensed) == []
