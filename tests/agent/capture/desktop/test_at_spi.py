"""A real browser with a real password field: not one character of the secret is kept, ordinary text is."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.capture.desktop.at_spi import NoAccessibilityBusError, has_accessibility_bus, open_bus
from tests.kit.accessibility import CHROMIUM_ACCESSIBILITY, start_session
from tests.kit.desktop import CHROMIUM_FLAGS, Desktop, start_desktop

ROOT = Path(__file__).resolve().parents[4]
TITLE = "Write to us"
# Three fields one below the other, each a third of the page, so that a click need not be precise.
PAGE = """<!doctype html><title>Write to us</title>
<style>* { margin: 0; box-sizing: border-box } input, textarea { display: block; width: 100%; height: 33vh }</style>
<input aria-label="name"><input type="password" aria-label="key"><textarea aria-label="text"></textarea>"""
PLACES = {"name": 1 / 6, "key": 1 / 2, "text": 5 / 6}
SECRET = "47110938265"
"""Digits only, and no other text here has any."""
# The agent's own senses and watcher; every passage and everything still in memory can be asked for.
SENSES = """
import json, os, sys, time
from datetime import UTC, datetime
from agent.capture.desktop import open_desktop, tells_passwords_apart
from agent.capture.focus import FocusRules
from agent.capture.keyboard import KeyboardCapture
from agent.capture.permission import NoticeShown
from agent.capture.sensed import SenseQueue
from agent.evidence.assembler import Assembler
from agent.evidence.watcher import Watcher
from shared.device_policy import DevicePolicy
passages = []
class Inspector:
    def inspect(self, passage, context):
        passages.append(passage.text + passage.deleted_text)
def wall():
    return datetime.now(UTC)
sensed = SenseQueue()
watcher = Watcher(sensed, Inspector(), Assembler("m", b"k" * 32, "1", os.urandom), policy=DevicePolicy(),
                  picture=lambda focus: None, deliver=print, wall=wall)
watcher.start()
shown = NoticeShown(1, wall(), "m")
capture = KeyboardCapture(shown, open_desktop(), sensed, rules=FocusRules(()), wall=wall)
capture.start()
print(json.dumps([capture.fields.can_tell, tells_passwords_apart()]), flush=True)
for line in sys.stdin:
    if line.strip() == "memory":
        draft = watcher._buffer._draft
        runs = [] if draft is None else [draft.cells, *draft.runs]
        open_text = ["".join(cell.char for cell in run) for run in runs]
        held = ["".join(typed.key.text for typed in one.keys) for one in capture.fields._held]
        print(json.dumps([*open_text, *held, repr(capture._terminals._lines)]), flush=True)
    else:
        time.sleep(2.2)
        print(json.dumps(passages), flush=True)
        passages.clear()
"""


LAST_TYPING = 6
"""Words of xdotool's that type one text."""


class Senses:
    """The agent's senses on one display, in a process of their own."""

    def __init__(self, desktop: Desktop) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SENSES],
            cwd=ROOT,
            env=desktop.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.can_tell = self._heard()

    def _heard(self) -> list[str]:
        assert self.process.stdout is not None
        heard: list[str] = json.loads(self.process.stdout.readline())
        return heard

    def ask(self, word: str) -> list[str]:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return self._heard()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextmanager
def page(desktop: Desktop, folder: Path) -> Iterator[str]:
    """Chromium showing the page; the window's id."""
    (folder / "page.html").write_text(PAGE)
    words = [*CHROMIUM_FLAGS, CHROMIUM_ACCESSIBILITY, f"--user-data-dir={folder / 'profile'}"]
    process = subprocess.Popen(
        ["chromium", *words, f"--app=file://{folder / 'page.html'}"],
        env=desktop.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield desktop.wait_for_window(TITLE)
    finally:
        process.terminate()
        process.wait(15)


def point(desktop: Desktop, window: str, name: str) -> list[str]:
    """xdotool's words to click on a field."""
    shell = desktop.xdotool("getwindowgeometry", "--shell", window).splitlines()
    size = dict(line.split("=") for line in shell)
    x, y = int(size["WIDTH"]) // 2, int(int(size["HEIGHT"]) * PLACES[name])
    return ["mousemove", "--window", window, str(x), str(y), "click", "1"]


def digits(words: list[str]) -> str:
    return "".join(sign for word in words for sign in word if sign.isdigit())


def ordinary(desktop: Desktop, senses: Senses, words: list[str]) -> list[str]:
    """The passages of what is typed; never a digit. A browser that is too busy to answer in time costs text,
    which is then typed once more; that no secret is read holds at every attempt."""
    heard: list[str] = []
    for attempt in range(3):
        desktop.xdotool(*(words if attempt == 0 else words[-LAST_TYPING:]))
        heard = senses.ask("passages")
        assert digits(heard) == ""
        if words[-1] in heard:
            break
    return heard


@pytest.mark.desktop
def test_a_password_is_never_read_and_ordinary_text_is(tmp_path: Path) -> None:
    with start_session(tmp_path / "run") as session, start_desktop(session) as desktop:
        senses = Senses(desktop)
        try:
            assert senses.can_tell == [True, True]
            with page(desktop, tmp_path) as window:
                for delay_ms in ("60", "10"):
                    typing = ["type", "--delay", delay_ms, "--args", "1"]
                    tab = ["key", "--delay", delay_ms, "Tab"]
                    by_tab = [*point(desktop, window, "name"), *typing, "molly", *tab, *typing, SECRET]
                    desktop.xdotool(*by_tab)
                    assert digits(senses.ask("memory")) == "", delay_ms
                    after_tab = [*tab, *typing, "the river bank is full of ducks"]
                    assert "the river bank is full of ducks" in ordinary(desktop, senses, after_tab), delay_ms
                    by_mouse = [*point(desktop, window, "key"), *typing, SECRET]
                    then_text = [*point(desktop, window, "text"), *typing, "and of geese"]
                    assert "and of geese" in ordinary(desktop, senses, [*by_mouse, *then_text]), delay_ms
                terminal = subprocess.Popen(
                    ["xterm", "-T", "Year 9 chat", "-e", "cat > /dev/null"], env=desktop.environment
                )
                desktop.wait_for_window("Year 9 chat")
                desktop.type("terminals have no fields")
                assert senses.ask("passages") == ["terminals have no fields"]
                desktop.xdotool("windowactivate", "--sync", window)
                assert "back again" in ordinary(desktop, senses, [*typing, "back again"])
                terminal.terminate()
                terminal.wait(10)
        finally:
            senses.end()


def test_without_a_bus_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert not has_accessibility_bus()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    with pytest.raises(NoAccessibilityBusError):
        open_bus()
