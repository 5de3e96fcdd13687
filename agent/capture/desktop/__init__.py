"""The seam to the operating system: what a desktop must offer, and the one place that chooses which.

``sys.platform`` is read here and nowhere else. A desktop is loaded by name because its libraries
exist only on its own platform.
"""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from agent.inspection.buffer import KeyPress

_MODULES = {"linux": "agent.capture.desktop.linux"}


class DesktopError(RuntimeError):
    """This machine offers no desktop that we can watch; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class ActiveWindow:
    """What the desktop knows of the window that has the keys. Id 0: it does not know."""

    window_id: int
    application: str
    title: str


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of the screen, pixels."""

    left: int
    top: int
    width: int
    height: int


class Watch(Protocol):
    """Something that runs until it is stopped."""

    def stop(self) -> None:
        """Stop; returns when nothing more will be reported."""


class Desktop(Protocol):
    """The functions every platform file offers."""

    def account_name(self) -> str:
        """The operating system's name for whoever is signed in."""

    def listen(self, on_key: Callable[[KeyPress], None], wall: Callable[[], datetime]) -> Watch:
        """Report every key press and mouse click until stopped; ``wall`` gives their UTC time."""

    def watch_focus(self, on_window: Callable[[ActiveWindow], None]) -> Watch:
        """Report the active window now and at every change until stopped."""

    def region_of(self, window_id: int) -> Region | None:
        """Where the window is, if it is still the active one."""


def open_desktop() -> Desktop:
    """The desktop of this machine. Raises DesktopError where there is none we know."""
    name = _MODULES.get(sys.platform)
    if name is None:
        raise DesktopError(f"no desktop support for {sys.platform} yet")
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        # pynput raises ImportError where no X server answers.
        raise DesktopError("no desktop session: is DISPLAY set?") from error
    return cast(Desktop, module.open_desktop())


def platform_name() -> str:
    """What this platform calls itself, for the enrolment."""
    return sys.platform
