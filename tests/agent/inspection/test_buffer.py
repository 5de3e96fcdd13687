"""The buffer: corrections, closings, secrets, and agreement with a plain text editor."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.inspection.buffer import (
    HARD_LIMIT_CHARS,
    SOFT_LIMIT_CHARS,
    Focus,
    KeyPress,
    Passage,
    PassageBuffer,
)

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CHAT = Focus("chat", "Year 9 chat", "", False, 1)
OTHER = Focus("editor", "Essay", "", False, 2)
SECRET = Focus("browser", "Sign in", "", True, 1)
NAMED = {
    "⌫": "backspace",
    "⌦": "delete",
    "←": "left",
    "→": "right",
    "⇤": "home",
    "⇥": "end",
    "⌧": "word_backspace",
    "⏎": "enter",
    "⭾": "tab",
    "✱": "other",
}


def keys(script: str, start: float = 0.0, every: float = 0.1) -> list[KeyPress]:
    pressed = []
    for number, sign in enumerate(script):
        at = start + number * every
        wall = START + timedelta(seconds=at)
        kind = NAMED.get(sign, "char")
        pressed.append(KeyPress(at, wall, kind, sign if kind == "char" else ""))  # type: ignore[arg-type]
    return pressed


def typed(script: str, focus: Focus = CHAT) -> Passage | None:
    buffer = PassageBuffer()
    closed = [passage for key in keys(script) if (passage := buffer.press(key, focus))]
    assert not closed
    return buffer.close()


@pytest.mark.parametrize(
    ("script", "text", "deleted"),
    [
        ("hello", "hello", ""),
        ("helo⌫lo", "hello", "o"),
        ("hi there⌫⌫⌫⌫⌫all", "hi all", "there"),
        ("i hate it⌫⌫⌫⌫⌫⌫⌫⌫⌫", "", "i hate it"),
        ("abc←←X", "aXbc", ""),
        ("abc⇤X⇥Y", "XabcY", ""),
        ("abc⇤⌦⌦", "c", "ab"),
        ("one two⌧three", "one three", "two"),
        ("one two  ⌧", "one ", "two  "),
        ("⌫⌫abc", "abc", ""),
        ("ab←←←←c→→→→d", "cabd", ""),
        ("abcd⌫⌫x⌫", "ab", "cd\nx"),
        ("abcd←←⌫⌦", "ad", "bc"),
        ("ab←⌫→⌫", "", "a\nb"),
    ],
)
def test_corrections(script: str, text: str, deleted: str) -> None:
    passage = typed(script)
    assert passage is not None
    assert (passage.text, passage.deleted_text) == (text, deleted)


@pytest.mark.parametrize("sign", ["⏎", "⭾", "✱"])
def test_closing_keys_hand_the_passage_out(sign: str) -> None:
    buffer = PassageBuffer()
    results = [buffer.press(key, CHAT) for key in keys(f"abc{sign}")]
    assert results[:3] == [None, None, None]
    assert results[3] is not None
    assert results[3].text == "abc"
    assert buffer.close() is None


@pytest.mark.parametrize("script", ["", "⏎⏎", "⌫←⌦", "   ⏎"])
def test_nothing_typed_is_no_passage(script: str) -> None:
    buffer = PassageBuffer()
    assert [buffer.press(key, CHAT) for key in keys(script)] == [None] * len(script)


def test_a_pause_closes_by_tick_and_by_the_next_key() -> None:
    buffer = PassageBuffer()
    for key in keys("ab"):
        buffer.press(key, CHAT)
    assert buffer.closes_at == pytest.approx(1.6)
    assert buffer.tick(1.5) is None
    late = buffer.press(KeyPress(2.0, START, "char", "c"), CHAT)
    assert late is not None
    assert late.text == "ab"
    ticked = buffer.tick(3.5)
    assert ticked is not None
    assert ticked.text == "c"
    assert buffer.closes_at is None


def test_times_are_those_of_the_first_and_last_key() -> None:
    passage = typed("abc")
    assert passage is not None
    assert passage.started_at == START
    assert passage.ended_at == START + timedelta(seconds=0.2)


def test_another_window_closes_but_a_new_title_does_not() -> None:
    buffer = PassageBuffer()
    first, second, third = keys("abc")
    buffer.press(first, CHAT)
    assert buffer.press(second, replace(CHAT, window_title="(1) Year 9 chat")) is None
    closed = buffer.press(third, OTHER)
    assert closed is not None
    assert (closed.text, closed.focus) == ("ab", CHAT)
    rest = buffer.close()
    assert rest is not None
    assert (rest.text, rest.focus) == ("c", OTHER)


def test_a_secret_focus_keeps_nothing() -> None:
    buffer = PassageBuffer()
    for key in keys("hello"):
        buffer.press(key, CHAT)
    closed = [passage for key in keys("hunter2⏎", start=1.0) if (passage := buffer.press(key, SECRET))]
    assert [passage.text for passage in closed] == ["hello"]
    assert buffer.close() is None


def test_what_was_pressed_just_before_a_secret_focus_is_dropped() -> None:
    buffer = PassageBuffer()
    for key in keys("hello pw⌫x"):
        buffer.press(key, CHAT)
    buffer.forget_since(0.55)
    passage = buffer.close()
    assert passage is not None
    assert (passage.text, passage.deleted_text) == ("hello ", "")


def test_forget_drops_the_open_passage() -> None:
    buffer = PassageBuffer()
    for key in keys("hello"):
        buffer.press(key, CHAT)
    buffer.forget()
    assert buffer.close() is None


def test_length_limits_close_at_a_space_or_hard() -> None:
    words = "word " * 400
    buffer = PassageBuffer()
    closed = [passage for key in keys(words) if (passage := buffer.press(key, CHAT))]
    assert {len(passage.text) for passage in closed} == {SOFT_LIMIT_CHARS}
    assert all(passage.text.endswith(" ") for passage in closed)
    held = PassageBuffer()
    solid = [passage for key in keys("x" * 2_500) if (passage := held.press(key, CHAT))]
    assert [len(passage.text) for passage in solid] == [HARD_LIMIT_CHARS] * 2


def test_typing_and_deleting_forever_stays_within_the_limit() -> None:
    buffer = PassageBuffer()
    closed = [passage for key in keys("ab⌫" * 2_000) if (passage := buffer.press(key, CHAT))]
    assert closed
    assert all(len(p.text) + len(p.deleted_text) <= 2 * HARD_LIMIT_CHARS for p in closed)


class Editor:
    """A plain text field, written the slow and obvious way: the reference."""

    def __init__(self) -> None:
        self.left, self.right, self.removed = "", "", ""

    def press(self, sign: str) -> None:
        match sign:
            case "⌫":
                self.left, gone = self.left[:-1], self.left[-1:]
                self.removed += gone
            case "⌦":
                gone, self.right = self.right[:1], self.right[1:]
                self.removed += gone
            case "⌧":
                kept = self.left.rstrip(" ")
                kept = kept[: kept.rfind(" ") + 1]
                self.removed += self.left[len(kept) :]
                self.left = kept
            case "←":
                self.left, self.right = self.left[:-1], self.left[-1:] + self.right
            case "→":
                self.left, self.right = self.left + self.right[:1], self.right[1:]
            case "⇤":
                self.left, self.right = "", self.left + self.right
            case "⇥":
                self.left, self.right = self.left + self.right, ""
            case char:
                self.left += char


@given(st.text("ab c⌫⌫⌫⌦⌧←→⇤⇥", max_size=120))
def test_agrees_with_a_text_editor(script: str) -> None:
    editor, buffer = Editor(), PassageBuffer()
    for sign in script:
        editor.press(sign)
    for key in keys(script):
        assert buffer.press(key, CHAT) is None
    passage = buffer.close()
    text = passage.text if passage else ""
    deleted = passage.deleted_text if passage else ""
    if passage is None:
        assert not (editor.left + editor.right + editor.removed).strip()
    else:
        assert text == editor.left + editor.right
        assert sorted(deleted.replace("\n", "")) == sorted(editor.removed)
