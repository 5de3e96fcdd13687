"""Key codes and states become KeyPresses: levels, locks, keypad, dead keys, shortcuts."""

from datetime import UTC, datetime

import pytest

from agent.capture.desktop.x11_keys import ALT, CONTROL, LEVEL_3, LOCK, NUM_LOCK, SHIFT, SUPER, Keymap

NOW = datetime(2026, 11, 16, tzinfo=UTC)
A, ONE, BAR, KP7, ACUTE, BACK, LEFT, RETURN, RU, DEL, UP, SHIFT_KEY, VOLUME, F1, POUND, SPACE, TAB, C = range(
    10, 28
)
SYMBOLS = {
    A: (0x61, 0x41, 0x61, 0x41),
    ONE: (0x31, 0x21),
    BAR: (0x60, 0xAC, 0x60, 0xAC, 0x7C, 0x7C),
    KP7: (0xFF95, 0xFFB7),
    ACUTE: (0xFE51, 0xFE51),
    BACK: (0xFF08,),
    LEFT: (0xFF51,),
    RETURN: (0xFF0D,),
    RU: (0x66, 0x46, 0x6C1, 0x6E1),
    DEL: (0xFFFF,),
    UP: (0xFF52,),
    SHIFT_KEY: (0xFFE1,),
    VOLUME: (0x1008FF13,),
    F1: (0xFFBE,),
    POUND: (0x33, 0xA3),
    SPACE: (0x20,),
    TAB: (0xFF09, 0xFE20),
    C: (0x63, 0x43),
}
GROUP_2 = 1 << 13


def read(code: int, state: int = 0, keymap: Keymap | None = None) -> tuple[str, str] | None:
    key = (keymap or Keymap(SYMBOLS, {0x6C1: "а", 0x6E1: "А"})).read(code, state, 1.0, NOW)
    return None if key is None else (key.kind, key.text)


@pytest.mark.parametrize(
    ("code", "state", "char"),
    [
        (A, 0, "a"),
        (A, SHIFT, "A"),
        (A, LOCK, "A"),
        (A, LOCK | SHIFT, "a"),
        (A, NUM_LOCK, "a"),
        (ONE, LOCK, "1"),
        (ONE, SHIFT, "!"),
        (POUND, SHIFT, "£"),
        (BAR, 0, "`"),
        (BAR, SHIFT, "¬"),
        (BAR, LEVEL_3, "|"),
        (A, LEVEL_3, "a"),
        (KP7, NUM_LOCK, "7"),
        (KP7, SHIFT, "7"),
        (RU, 0, "f"),
        (RU, GROUP_2, "а"),
        (RU, GROUP_2 | SHIFT, "А"),
        (SPACE, 0, " "),
    ],
)
def test_characters(code: int, state: int, char: str) -> None:
    assert read(code, state) == ("char", char)


@pytest.mark.parametrize(
    ("code", "state", "kind"),
    [
        (BACK, 0, "backspace"),
        (BACK, SHIFT, "backspace"),
        (BACK, CONTROL, "word_backspace"),
        (LEFT, 0, "left"),
        (LEFT, SHIFT, "other"),
        (LEFT, CONTROL, "other"),
        (RETURN, 0, "enter"),
        (RETURN, CONTROL, "enter"),
        (DEL, 0, "delete"),
        (TAB, SHIFT, "tab"),
        (KP7, 0, "home"),
        (KP7, NUM_LOCK | SHIFT, "other"),
        (UP, 0, "other"),
        (F1, 0, "other"),
        (A, CONTROL, "other"),
        (A, ALT, "other"),
        (A, SUPER, "other"),
    ],
)
def test_editing_and_what_we_cannot_follow(code: int, state: int, kind: str) -> None:
    assert read(code, state) == (kind, "")


@pytest.mark.parametrize(("code", "state"), [(SHIFT_KEY, 0), (VOLUME, 0), (C, CONTROL), (99, 0)])
def test_keys_that_do_nothing_to_the_text(code: int, state: int) -> None:
    assert read(code, state) is None


@pytest.mark.parametrize(("code", "state", "char"), [(A, 0, "á"), (A, SHIFT, "Á"), (SPACE, 0, "\u0301")])
def test_dead_keys_join_the_next_character(code: int, state: int, char: str) -> None:
    keymap = Keymap(SYMBOLS, {})
    assert read(ACUTE, 0, keymap) is None
    assert read(SHIFT_KEY, 0, keymap) is None
    assert read(code, state, keymap) == ("char", char)
    assert read(A, 0, keymap) == ("char", "a")
