"""The student's side of the bargain: no permission to listen before the notice was accepted, and a badge
on the screen for as long as anything is read.

A real system tray needs a tray that the desktop may not have; the badge is there on every desktop.
"""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from agent.capture.permission import NoticeShown
from agent.notice.acceptance import accept, recall
from agent.notice.panel import draw_badge, draw_notice
from agent.notice.wording import BADGE_ON, BADGE_PAUSED, WINDOW_TITLE, wording_for
from agent.notice.x11_window import BadgeWindow, NoticeWindow
from shared.taxonomy import AgeBand

ASK_AGAIN_S = 30.0
"""After somebody closed the notice without an answer."""


class Notice:
    """Asks until somebody understands, or until told to stop."""

    def __init__(self, folder: Path, account: str, band: AgeBand, wall: Callable[[], datetime]) -> None:
        self._folder = folder
        self._account = account
        self._panel = draw_notice(wording_for(band))
        self._wall = wall
        self._stopping = threading.Event()
        self._window: NoticeWindow | None = None

    def permission(self) -> NoticeShown | None:
        """The permission to listen; waits for the answer. None: told to stop before there was one.

        Raises WindowGoneError if the notice cannot be shown or was destroyed.
        """
        shown = recall(self._folder, self._account)
        while shown is None and not self._stopping.is_set():
            self._window = NoticeWindow(self._panel, WINDOW_TITLE)
            if self._window.ask(self._stopping.is_set):
                shown = accept(self._folder, self._account, self._wall())
            else:
                self._stopping.wait(ASK_AGAIN_S)
        return shown

    def stop(self) -> None:
        """Give up asking."""
        self._stopping.set()
        if self._window is not None:
            self._window.wake()


class Badge:
    """The words "Lantern is on", always visible. ``on_gone`` is called if anybody takes it away."""

    def __init__(self, on_gone: Callable[[], None]) -> None:
        self._window = BadgeWindow(draw_badge(BADGE_ON, is_on=True), on_gone)

    def show_paused(self) -> None:
        """Say that nothing is read at the moment."""
        self._window.show(draw_badge(BADGE_PAUSED, is_on=False))

    def show_on(self) -> None:
        """Say that typing is read."""
        self._window.show(draw_badge(BADGE_ON, is_on=True))

    def close(self) -> None:
        """Take it down together with the capture."""
        self._window.close()
