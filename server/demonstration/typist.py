"""The scripted story: a plain notes window on the demonstration's own display, typed into with real X key events.

A process of its own (``python -m server.demonstration.typist``), because it must be able to fail alone. The
keys are XTEST events, which the X server treats as a keyboard's; the agent sees what it would see from a student.
"""

import argparse
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from PIL import Image, ImageDraw, ImageFont
from Xlib import XK, X, Xutil
from Xlib.display import Display
from Xlib.error import BadWindow
from Xlib.ext import xtest

WINDOW_TITLE = "Notes - demonstration window"
WIDTH, HEIGHT, MARGIN, LINE_PX = 900, 560, 48, 30
STORY = (
    "photosynthesis is how plants turn light into sugar and oxygen",
    "for homework i need three causes of the first world war",
    "who is picking the teams for football on friday",
    "i dont feel safe at home, my stepdad hits me when hes drunk",
    "the answer to question 4 is 36 because 6 times 6",
)
NOTICE_TITLE_PART = "Lantern"
ACTIVE = "_NET_ACTIVE_WINDOW"


class Notes:
    """A window that shows what was typed into it, as any editor would."""

    def __init__(self, display: Display) -> None:
        """Map the window in the middle of the screen."""
        self._display = display
        screen = display.screen()
        left, top = (screen.width_in_pixels - WIDTH) // 2, (screen.height_in_pixels - HEIGHT) // 2
        self.window = screen.root.create_window(
            left, max(top, 0), WIDTH, HEIGHT, 0, screen.root_depth, X.InputOutput, X.CopyFromParent,
            background_pixel=screen.white_pixel, event_mask=X.KeyPressMask | X.ExposureMask,
        )  # fmt: skip
        self.window.set_wm_name(WINDOW_TITLE)
        self.window.set_wm_class("notes", "Notes")
        self.window.set_wm_normal_hints(
            flags=Xutil.PPosition | Xutil.PSize, x=left, y=top, width=WIDTH, height=HEIGHT
        )
        self._gc = self.window.create_gc()
        self._font = ImageFont.load_default(size=20)
        self._lines = [""]
        self.window.map()
        display.sync()

    @property
    def text(self) -> str:
        """What was typed so far."""
        return "\n".join(self._lines)

    def handle_events(self) -> None:
        """Take in what the X server delivered; redraw when something changed."""
        changed = False
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type == X.Expose:
                changed = True
            elif event.type == X.KeyPress:
                changed = (
                    self._type(self._display.keycode_to_keysym(event.detail, event.state & 1)) or changed
                )
        if changed:
            self._draw()

    def _type(self, keysym: int) -> bool:
        if keysym == XK.XK_Return:
            self._lines.append("")
        elif keysym == XK.XK_BackSpace:
            self._lines[-1] = self._lines[-1][:-1]
        elif 32 <= keysym < 127:
            self._lines[-1] += chr(keysym)
        else:
            return False
        return True

    def _draw(self) -> None:
        page = Image.new("RGB", (WIDTH, HEIGHT), "#fdfdfb")
        pen = ImageDraw.Draw(page)
        for row, line in enumerate(self._lines[-15:]):
            pen.text((MARGIN, MARGIN + row * LINE_PX), line, fill="#22292b", font=self._font)
        # Bands keep each request below the X protocol's usual 256 KiB limit.
        for top in range(0, HEIGHT, 40):
            self.window.put_pil_image(self._gc, 0, top, page.crop((0, top, WIDTH, min(top + 40, HEIGHT))))
        self._display.flush()


class Typist:
    """Presses and releases keys the way a hand does, a little unevenly."""

    def __init__(self, display: Display, *, seed: int = 7) -> None:
        """``seed`` makes the rhythm repeatable."""
        self._display = display
        self._dice = random.Random(seed)  # noqa: S311 - a typing rhythm, not a secret

    def press(self, name: str) -> None:
        """One key, by keysym name, e.g. ``Return``."""
        self._strike(XK.string_to_keysym(name))

    def pauses(self, text: str) -> Iterator[float]:
        """Type ``text`` key by key; yields how long to wait before the next, in seconds."""
        for character in text:
            # A Latin-1 character's keysym is its code.
            self._strike(XK.XK_Return if character == "\n" else ord(character))
            yield self._dice.uniform(0.05, 0.13)

    def _strike(self, keysym: int) -> None:
        """Press and release the key that bears ``keysym``, with Shift held if it stands above."""
        code, level = min(self._display.keysym_to_keycodes(keysym), key=lambda found: int(found[1]))
        is_shifted = level == 1
        shift_code = self._display.keysym_to_keycode(XK.XK_Shift_L)
        if is_shifted:
            xtest.fake_input(self._display, X.KeyPress, shift_code)
        xtest.fake_input(self._display, X.KeyPress, code)
        xtest.fake_input(self._display, X.KeyRelease, code)
        if is_shifted:
            xtest.fake_input(self._display, X.KeyRelease, shift_code)
        self._display.sync()


def active_title(display: Display) -> str:
    """The title of the window that has the focus, or nothing."""
    root = display.screen().root
    found = root.get_full_property(display.get_atom(ACTIVE), X.AnyPropertyType)
    if not found or not found.value or not found.value[0]:
        return ""
    window = display.create_resource_object("window", found.value[0])
    try:
        title = window.get_full_text_property(display.get_atom("_NET_WM_NAME")) or window.get_wm_name()
    except BadWindow:  # It closed while we asked, as the notice does when it is accepted.
        return ""
    return str(title or "")


def wait_for_title(display: Display, part: str, *, timeout_s: float) -> bool:
    """Whether a window whose title contains ``part`` got the focus in time."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if part in active_title(display):
            return True
        time.sleep(0.2)
    return False


def accept_notice(display: Display, typist: Typist) -> None:
    """Press Return until the notice is gone; at first it takes no answer, so that it can be read."""
    for _ in range(10):
        time.sleep(2.0)
        if NOTICE_TITLE_PART not in active_title(display):
            return
        typist.press("Return")


def play(display_name: str, *, done_marker: Path | None) -> None:
    """Accept the agent's notice as a student would (Return), then type the story once."""
    display = Display(display_name)
    typist = Typist(display)
    if wait_for_title(display, NOTICE_TITLE_PART, timeout_s=60):
        accept_notice(display, typist)
    notes = Notes(display)
    wait_for_title(display, WINDOW_TITLE, timeout_s=10)
    notes.handle_events()
    for line in STORY:
        for pause in typist.pauses(line + "\n"):
            notes.handle_events()
            time.sleep(pause)
        time.sleep(2.5)
        notes.handle_events()
    if done_marker is not None:
        done_marker.touch()
    show(notes)


def show(notes: Notes) -> NoReturn:
    """Keep the window up, as a student's would stay; whoever started this process ends it."""
    while True:
        notes.handle_events()
        time.sleep(0.1)


def main() -> None:
    """Read the command line and play."""
    parser = argparse.ArgumentParser(description="Types the demonstration's story into a window of its own.")
    parser.add_argument("--display", required=True, help="the X display, e.g. :97")
    parser.add_argument("--window-only", action="store_true", help="show the window and let others type")
    parser.add_argument("--done-marker", type=Path, help="a file to make once the story has been typed")
    arguments = parser.parse_args()
    if arguments.window_only:
        show(Notes(Display(arguments.display)))
    play(arguments.display, done_marker=arguments.done_marker)


if __name__ == "__main__":
    main()
