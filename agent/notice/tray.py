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
from agent.notice.drawing import BADGE_ON, BADGE_PAUSED, NOTICE, draw
from agent.notice.wording import WINDOW_TITLE
from agent.notice.x11_window import BadgeWindow, NoticeWindow
from shared.taxonomy import AgeBand

ASK_AGAIN_S = 30.0
"""After somebody closed the notice without an answer."""


class Notice:
    """Asks until somebody understands, or until told to stop."""

    def __init__(self, folder: Path, account: str, band: AgeBand, wall: Callable[[], datetime]) -> None:
        self._folder = folder
        self._account = account
        self._band = band
        self._wall = wall
        self._stopping = threading.Event()
        self._window: NoticeWindow | None = None

    def permission(self) -> NoticeShown | None:
        """The permission to listen; waits for the answer. None: told to stop before there was one.

        Raises WindowGoneError if the notice was destroyed, DrawingError if there is none to show.
        """
        shown = recall(self._folder, self._account)
        panel = draw(NOTICE, self._band) if shown is None else None
        while shown is None and panel is not None and not self._stopping.is_set():
            self._window = NoticeWindow(panel, WINDOW_TITLE)
            if self._window.ask(self._stopping.is_set):
                shown = accept(self._folder, self._account, self._wall())
            else:
                self._stopping.wait(ASK_AGAIN_S)
        self._window = None
        return shown

    def stop(self) -> None:
        """Give up asking."""
        self._stopping.set()
        if self._window is not None:
            self._window.wake()


class Badge:
    """The words "Lantern is on", always visible. ``on_gone`` is called if anybody takes it away."""

    def __init__(self, on_gone: Callable[[], None]) -> None:
        self._window = BadgeWindow(draw(BADGE_ON), on_gone)

    def show_paused(self) -> None:
        """Say that nothing is read at the moment."""
        self._window.show(draw(BADGE_PAUSED))

    def show_on(self) -> None:
        """Say that typing is read."""
        self._window.show(draw(BADGE_ON))

    def close(self) -> None:
        """Take it down together with the capture."""
        self._window.close()
