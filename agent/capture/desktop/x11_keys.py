"""X11 key codes and modifier states become KeyPresses. Pure: the keyboard map is an argument.

pynput's own reading loses the third level (AltGr) and never notices a changed layout, so it is done
here (X11 protocol §5; the core map orders symbols group 1, group 2, then their levels 3 and 4).
Limits: input methods that compose (Chinese, Japanese) are not visible at this level.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from agent.inspection.buffer import KeyPress, Kind

SHIFT, LOCK, CONTROL, ALT, NUM_LOCK, SUPER, LEVEL_3 = 1, 2, 4, 8, 16, 64, 128
_GROUP_SHIFT = 13

_EDITING: dict[int, Kind] = {
    0xFF08: "backspace",
    0xFF09: "tab",
    0xFE20: "tab",
    0xFF0D: "enter",
    0xFF8D: "enter",
    0xFFFF: "delete",
    0xFF9F: "delete",
    0xFF50: "home",
    0xFF95: "home",
    0xFF51: "left",
    0xFF96: "left",
    0xFF53: "right",
    0xFF98: "right",
    0xFF57: "end",
    0xFF9C: "end",
}
_DEAD = {
    0xFE50 + offset: mark
    for offset, mark in enumerate(
        "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328"
    )
}
_HARMLESS_SHORTCUTS = frozenset("csp")
"""Copy, save, print: they leave the text and the caret where they were."""


def _is_silent(keysym: int) -> bool:
    """Modifiers, locks, media keys and Print: nothing is typed and no caret moves."""
    return (
        0xFFE1 <= keysym <= 0xFFEE
        or 0xFE01 <= keysym <= 0xFE13
        or keysym in {0, 0xFF7E, 0xFF7F, 0xFF14, 0xFF13, 0xFF61, 0xFF67}
        or 0x1008FE00 <= keysym <= 0x1008FFFF
    )


class Keymap:
    """One keyboard layout. ``symbols`` maps key codes to keysyms, ``chars`` legacy keysyms to characters."""

    def __init__(self, symbols: Mapping[int, Sequence[int]], chars: Mapping[int, str]) -> None:
        self._symbols = symbols
        self._chars = chars
        self._accent = ""

    def read(self, code: int, state: int, at: float, wall: datetime) -> KeyPress | None:
        """The KeyPress of one key; None for a key that types nothing and moves nothing."""
        keysym = self._keysym(code, state)
        if keysym in _DEAD:
            self._accent = _DEAD[keysym]
            return None
        if _is_silent(keysym):
            return None
        kind, text = self._meaning(keysym, state)
        if kind is None:
            return None
        if self._accent:
            text = _accented(text, self._accent)
            self._accent = ""
        return KeyPress(at, wall, kind, text)

    def _meaning(self, keysym: int, state: int) -> tuple[Kind | None, str]:
        kind = _EDITING.get(keysym)
        if kind is not None:
            return _with_modifiers(kind, state), ""
        char = self._char(keysym)
        if state & CONTROL and char.lower() in _HARMLESS_SHORTCUTS:
            return None, ""
        if not char or state & (CONTROL | ALT | SUPER):
            return "other", ""
        if state & LOCK and char.isalpha():
            char = char.swapcase()
        return "char", char

    def _keysym(self, code: int, state: int) -> int:
        symbols = self._symbols.get(code, ())
        base = symbols[0] if symbols else 0
        shifted = bool(state & SHIFT)
        if len(symbols) > 1 and 0xFF80 <= symbols[1] <= 0xFFBD:
            # The keypad: Num Lock chooses, Shift turns the choice round.
            return symbols[1] if bool(state & NUM_LOCK) != shifted else base
        group = 2 * (state >> _GROUP_SHIFT & 1)
        level = 4 if state & LEVEL_3 else 0
        for index in (level + group + shifted, level + group, group + shifted, group, int(shifted)):
            if index < len(symbols) and symbols[index]:
                return symbols[index]
        return base

    def _char(self, keysym: int) -> str:
        if 0x20 <= keysym <= 0x7E or 0xA0 <= keysym <= 0xFF:
            return chr(keysym)
        if 0x01000100 <= keysym <= 0x0110FFFF:
            return chr(keysym - 0x01000000)
        if 0xFFAA <= keysym <= 0xFFBD:
            return chr(keysym - 0xFF80)
        return self._chars.get(keysym, "")


def _with_modifiers(kind: Kind, state: int) -> Kind:
    """Control, Alt and Shift turn a caret key into a jump or a selection, which we do not follow."""
    if kind == "backspace" and state & CONTROL:
        return "word_backspace"
    if kind in {"enter", "tab", "backspace"}:
        return kind
    return "other" if state & (CONTROL | ALT | SUPER | SHIFT) else kind


def _accented(text: str, accent: str) -> str:
    if text == " ":
        return unicodedata.normalize("NFKC", " " + accent).strip() or accent
    return unicodedata.normalize("NFC", text + accent) if text else text
