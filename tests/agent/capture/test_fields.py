"""Keys are held until the field is known: a secret's are dropped, others pass late and in order."""

import pytest

from agent.capture.desktop import FieldKind
from agent.capture.fields import LATE_NEWS_S, FieldGuard
from agent.capture.sensed import Refocused, Typed
from agent.inspection.buffer import Focus, KeyPress, Kind
from tests.kit.senses import NINE, FakeDesktop

CHAT = Focus("chat", "Chat", "", False, 1)


class Stage:
    """A guard in one window of process 7, whose first question is answered by ``first``."""

    def __init__(self, first: FieldKind | None = FieldKind.OPEN, *, has_fields: bool = True) -> None:
        self.said: list[Typed | Refocused] = []
        self.desktop = FakeDesktop(has_fields=has_fields)
        self.guard = FieldGuard(self.said.append)
        self.guard.watch_with(self.desktop.watch_fields(self.guard.heard))
        self.guard.refocused(10.0, CHAT, 7)
        if first is not None:
            self.desktop.answer(first, at=10.05)
        self.said.clear()

    def press(self, text: str = "", kind: Kind = "char", *, at: float = 11.0) -> None:
        for sign in text or " ":
            self.guard.press(KeyPress(at, NINE, kind, sign if kind == "char" else ""))

    @property
    def text(self) -> str:
        return "".join(one.key.text for one in self.said if isinstance(one, Typed))

    @property
    def secret_since(self) -> list[float]:
        return [one.since for one in self.said if isinstance(one, Refocused) and one.focus.is_secret]


def test_keys_of_an_open_field_pass_at_once() -> None:
    stage = Stage()
    stage.press("hello")
    assert stage.text == "hello"


@pytest.mark.parametrize("kind", ["tab", "enter", "click", "other"])
def test_after_a_key_that_may_move_the_focus_keys_wait_and_then_pass_in_order(kind: Kind) -> None:
    stage = Stage()
    stage.press("hello")
    stage.press(kind=kind, at=12.0)
    stage.press("there", at=12.01)
    assert stage.text == "hello"
    stage.press("!", at=12.02)
    stage.desktop.answer(FieldKind.OPEN, at=12.05)
    assert stage.text == "hellothere!"
    stage.press("?")
    assert stage.text == "hellothere!?"


@pytest.mark.parametrize("answer", [FieldKind.SECRET, FieldKind.UNKNOWN])
def test_keys_of_a_secret_or_unknown_field_are_dropped(answer: FieldKind) -> None:
    stage = Stage()
    stage.press(kind="tab", at=12.0)
    stage.press("hunter", at=12.01)
    stage.desktop.answer(answer, at=12.05)
    stage.press("2", at=12.1)
    stage.press(kind="enter", at=12.2)
    stage.desktop.answer(FieldKind.OPEN, at=12.3)
    stage.press("ok")
    assert stage.text == "ok"
    assert stage.guard.fields_unknown == (answer is FieldKind.UNKNOWN)


def test_an_application_that_gave_no_answer_is_asked_again() -> None:
    stage = Stage()
    stage.press(kind="tab", at=12.0)
    stage.desktop.answer(FieldKind.UNKNOWN, at=12.3)
    stage.press("lost", at=12.5)
    stage.press("kept", at=13.5)
    assert len(stage.desktop.fields.asked if stage.desktop.fields else ()) == 1
    stage.desktop.answer(FieldKind.OPEN, at=13.6)
    assert stage.text == "kept"


def test_two_moves_in_a_row_are_answered_one_by_one() -> None:
    stage = Stage()
    stage.press(kind="tab", at=12.0)
    stage.press("mo", at=12.01)
    stage.press(kind="tab", at=12.02)
    stage.press("hunter2", at=12.03)
    stage.desktop.answer(FieldKind.OPEN, at=12.04)
    stage.desktop.answer(FieldKind.SECRET, at=12.05)
    assert stage.text == "mo"


def test_a_secret_that_shows_late_takes_back_all_since_the_move() -> None:
    stage = Stage()
    stage.press(kind="click", at=12.0)
    stage.desktop.answer(FieldKind.OPEN, at=12.3)
    stage.press("hunter2", at=12.5)
    stage.desktop.move_field(FieldKind.SECRET, at=12.9)
    assert stage.secret_since == [12.0]
    stage.press("more")
    assert stage.text == "hunter2"


def test_a_field_that_becomes_secret_by_itself_takes_back_a_moment_only() -> None:
    stage = Stage()
    stage.desktop.move_field(FieldKind.SECRET, at=20.0 + LATE_NEWS_S)
    assert stage.secret_since == [20.0 + LATE_NEWS_S - 0.25]


def test_another_window_drops_what_waits_and_asks_anew() -> None:
    stage = Stage()
    stage.press(kind="enter", at=12.0)
    stage.press("hunter2", at=12.01)
    stage.guard.refocused(12.02, Focus("essay", "Essay", "", False, 2), 8)
    stage.press("x", at=12.03)
    stage.desktop.answer(FieldKind.OPEN)
    assert stage.text == ""
    stage.desktop.answer(FieldKind.OPEN, process_id=8)
    assert stage.text == "x"


def test_a_secret_title_needs_no_field() -> None:
    stage = Stage(None)
    stage.press("hunter2")
    stage.guard.refocused(12.0, Focus("chat", "", "", True, 1), 7)
    stage.press("hunter2")
    stage.desktop.answer(FieldKind.OPEN)
    assert stage.text == ""


def test_an_application_without_fields_and_a_desktop_without_fields_pass_at_once() -> None:
    absent = Stage(FieldKind.ABSENT)
    absent.press("hello")
    assert absent.text == "hello"
    without = Stage(None, has_fields=False)
    without.press("hello")
    without.press(kind="tab")
    without.press("there")
    assert without.text == "hellothere"
    assert not without.guard.can_tell


def test_a_bus_that_is_lost_is_told_and_titles_judge_again() -> None:
    stage = Stage()
    stage.press(kind="tab", at=12.0)
    stage.press("hunter2")
    assert stage.guard.can_tell
    stage.desktop.move_field(FieldKind.LOST)
    assert stage.text == ""
    stage.press("hello")
    assert stage.text == "hello"
    assert not stage.guard.can_tell


def test_forgetting_leaves_nothing() -> None:
    stage = Stage()
    stage.press(kind="tab")
    stage.press("hunter2")
    stage.guard.forget()
    stage.desktop.answer(FieldKind.OPEN)
    stage.press("more")
    assert stage.text == ""
