"""Notice and badge on a real display: answered by mouse and key, never too early, never gone unseen."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.desktop import Desktop, start_desktop

ROOT = Path(__file__).resolve().parents[3]
NOTICE = """
import sys
from agent.notice.drawing import NOTICE, draw
from agent.notice.x11_window import NoticeWindow, WindowGoneError
from shared.taxonomy import AgeBand
panel = draw(NOTICE, AgeBand.AGE_11_16)
print(*panel.button, flush=True)
try:
    print(NoticeWindow(panel, "About Lantern").ask(lambda: False), flush=True)
except WindowGoneError:
    print("gone", flush=True)
"""
BADGE = """
import sys, time
from agent.notice.drawing import BADGE_ON, draw
from agent.notice.x11_window import BadgeWindow
badge = BadgeWindow(draw(BADGE_ON), lambda: print("gone", flush=True))
print("shown", flush=True)
for line in sys.stdin:
    badge.close()
    print("closed", flush=True)
"""


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    with start_desktop() as started:
        yield started


class Script:
    def __init__(self, desktop: Desktop, text: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", text],
            cwd=ROOT,
            env=desktop.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Script":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def heard(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@pytest.mark.desktop
@pytest.mark.parametrize("name", ["Return", "space", "KP_Enter"])
def test_a_key_accepts(desktop: Desktop, name: str) -> None:
    with Script(desktop, NOTICE) as notice:
        notice.heard()
        desktop.wait_for_window("About Lantern")
        time.sleep(1.2)
        desktop.key("a", "Escape", name)
        assert notice.heard() == "True"


@pytest.mark.desktop
def test_a_key_that_was_meant_for_something_else_does_not(desktop: Desktop) -> None:
    with Script(desktop, NOTICE) as notice:
        notice.heard()
        window = desktop.wait_for_window("About Lantern")
        desktop.key("Return")
        time.sleep(1.5)
        assert notice.process.poll() is None
        assert window in desktop.xdotool("search", "--name", "About Lantern")


@pytest.mark.desktop
def test_the_mouse_accepts_on_the_button_only(desktop: Desktop) -> None:
    with Script(desktop, NOTICE) as notice:
        left, top, *_ = map(int, notice.heard().split())
        window = desktop.wait_for_window("About Lantern")
        time.sleep(1.2)
        for x, y in ((100, 100), (left + 20, top + 20)):
            assert notice.process.poll() is None
            desktop.xdotool("mousemove", "--window", window, str(x), str(y), "click", "1")
        assert notice.heard() == "True"


@pytest.mark.desktop
def test_closing_is_no_answer_and_destroying_is_told(desktop: Desktop) -> None:
    with Script(desktop, NOTICE) as notice:
        notice.heard()
        desktop.wait_for_window("About Lantern")
        time.sleep(1.2)
        desktop.key("alt+F4")
        assert notice.heard() == "False"
    with Script(desktop, NOTICE) as notice:
        notice.heard()
        window = desktop.wait_for_window("About Lantern")
        desktop.xdotool("windowkill", window)
        assert notice.heard() == "gone"


@pytest.mark.desktop
def test_the_badge_stays_on_top_and_its_end_is_told(desktop: Desktop) -> None:
    with Script(desktop, BADGE) as badge:
        assert badge.heard() == "shown"
        badge_id = desktop.xdotool("search", "--name", "Lantern badge").split()[-1]
        cover = subprocess.Popen(
            ["xterm", "-T", "Cover", "-geometry", "200x60+0+0", "-e", "cat"], env=desktop.environment
        )
        try:
            desktop.wait_for_window("Cover")
            time.sleep(1.5)
            desktop.xdotool("mousemove", "1200", "20")
            under = desktop.xdotool("getmouselocation", "--shell")
            assert f"WINDOW={badge_id}" in under
        finally:
            cover.terminate()
            cover.wait(10)
        desktop.xdotool("windowunmap", badge_id)
        time.sleep(0.5)
        assert badge_id in desktop.xdotool("search", "--onlyvisible", "--name", "Lantern badge")
        desktop.xdotool("windowkill", badge_id)
        assert badge.heard() == "gone"


@pytest.mark.desktop
def test_a_badge_that_was_moved_or_stretched_goes_back(desktop: Desktop) -> None:
    with Script(desktop, BADGE) as badge:
        assert badge.heard() == "shown"
        badge_id = desktop.xdotool("search", "--name", "Lantern badge").split()[-1]
        before = desktop.xdotool("getwindowgeometry", "--shell", badge_id)
        desktop.xdotool("windowmove", badge_id, "300", "100", "windowsize", badge_id, "640", "500")
        time.sleep(1.0)
        assert desktop.xdotool("getwindowgeometry", "--shell", badge_id) == before


@pytest.mark.desktop
def test_taking_the_badge_down_on_purpose_is_not_told(desktop: Desktop) -> None:
    with Script(desktop, BADGE) as badge:
        assert badge.heard() == "shown"
        assert badge.process.stdin is not None
        badge.process.stdin.write("x\n")
        badge.process.stdin.flush()
        assert badge.heard() == "closed"
