"""The X11 desktop on a real display: layouts, corrections, focus, clicks and the window's region."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.desktop import start_desktop

ROOT = Path(__file__).resolve().parents[4]
# pynput opens its display when it is imported, so the listening happens in a process of its own.
LISTENER = """
import sys, time
from datetime import UTC, datetime
from Xlib.display import Display
from agent.capture.desktop import open_desktop
desktop = open_desktop()
keys, windows = [], []
listening = desktop.listen(keys.append, lambda: datetime.now(UTC))
following = desktop.watch_focus(windows.append)
def say(*words):
    print(*words, flush=True)
say("ready")
for line in sys.stdin:
    time.sleep(0.4)
    word = line.strip()
    if word == "text":
        say(ascii("".join(key.text for key in keys)))
    elif word == "kinds":
        say(" ".join(key.kind for key in keys if key.kind != "char"))
    elif word == "window":
        say(ascii((windows[-1].application, windows[-1].title)))
    elif word == "region":
        say(desktop.region_of(windows[-1].window_id))
    elif word == "rename":
        display = Display()
        window = display.create_resource_object("window", windows[-1].window_id)
        kind = display.intern_atom("UTF8_STRING")
        window.change_property(display.intern_atom("_NET_WM_NAME"), kind, 8, b"Sign in")
        display.close()
        say("renamed")
    elif word == "account":
        say(desktop.account_name())
    elif word == "stop":
        started = time.monotonic()
        listening.stop(); following.stop()
        say(time.monotonic() - started < 1.0)
    keys.clear()
"""


class Listener:
    def __init__(self, display: str) -> None:
        environment = {"DISPLAY": display, "PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", LISTENER],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.heard() == "ready"

    def heard(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def ask(self, word: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return self.heard()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.mark.desktop
def test_a_real_display() -> None:
    with start_desktop() as desktop:
        terminal = subprocess.Popen(
            ["xterm", "-T", "Year 9 chat", "-e", "trap '' INT; cat > /dev/null"], env=desktop.environment
        )
        desktop.wait_for_window("Year 9 chat")
        listener = Listener(desktop.display)
        try:
            for layout, text in (
                ("gb", "Hello (World) £5 | \\ 50% ¬ €"),
                ("pl", "Zażółć gęślą jaźń"),
                ("fr", "été où ça"),
                ("ru", "привет"),
                ("gb", "back again"),
            ):
                subprocess.run(["setxkbmap", layout], env=desktop.environment, check=True)
                listener.ask("text")
                desktop.type(text)
                assert listener.ask("text") == ascii(text), layout
            desktop.key("BackSpace", "ctrl+BackSpace", "Left", "shift+Left", "ctrl+c", "Return")
            assert listener.ask("kinds") == "backspace word_backspace left other enter"
            desktop.xdotool("click", "1")
            assert listener.ask("kinds") == "click"
            desktop.xdotool("click", "4")
            assert listener.ask("kinds") == ""
            assert listener.ask("window") == ascii(("xterm", "Year 9 chat"))
            assert listener.ask("rename") == "renamed"
            assert listener.ask("window") == ascii(("xterm", "Sign in"))
            geometry = desktop.xdotool("getwindowgeometry", "--shell", desktop.xdotool("getactivewindow"))
            shell = dict(line.split("=") for line in geometry.splitlines())
            left, top, width, height = map(int, re.findall(r"=(\d+)", listener.ask("region")))
            assert (width, height) == (int(shell["WIDTH"]), int(shell["HEIGHT"]))
            # xdotool counts the window manager's frame twice.
            assert 0 <= int(shell["X"]) - left <= 5
            assert 0 <= int(shell["Y"]) - top <= 30
            assert listener.ask("account")
            terminal.terminate()
            terminal.wait(10)
            assert listener.ask("window") == ascii(("", ""))
            assert listener.ask("region") == "None"
            assert listener.ask("stop") == "True"
            desktop.type("after")
            assert listener.ask("text") == ascii("")
        finally:
            listener.end()
            terminal.terminate()
            terminal.wait(10)
