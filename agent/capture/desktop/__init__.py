"""The seam to the operating system: what a desktop must offer, and the one place that chooses which.

``sys.platform`` is read here and nowhere else. A desktop is loaded by name because its libraries
exist only on its own platform.
"""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol, cast

from agent.inspection.buffer import KeyPress

_MODULES = {"linux": "agent.capture.desktop.linux"}
_ACCESSIBILITY = {"linux": "agent.capture.desktop.at_spi"}
FIELD_WAIT_S = 0.3
"""How long a question about a field may stay without an answer. FACTS: a focus is reported 19-110 ms after Tab."""


class DesktopError(RuntimeError):
    """This machine offers no desktop that we can watch; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class ActiveWindow:
    """What the desktop knows of the window that has the keys. Id 0: it does not know."""

    window_id: int
    application: str
    title: str
    process_id: int = 0


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


class FieldKind(Enum):
    """What is known of the field that has the keys."""

    OPEN = auto()
    """It is no password field."""
    SECRET = auto()
    ABSENT = auto()
    """The application reports no fields at all: only its name and title can be judged."""
    UNKNOWN = auto()
    """The application reports fields, but not which one this is. Counts as secret."""
    LOST = auto()
    """Nobody reports any more."""


@dataclass(frozen=True, slots=True)
class FieldNews:
    """What has the keys of a process at ``at`` (monotonic). ``answers``: the ``at`` of the question, if any."""

    process_id: int
    kind: FieldKind
    at: float
    answers: float | None = None


class FieldWatch(Watch, Protocol):
    """Tells password fields from others until stopped."""

    def ask(self, process_id: int, at: float) -> None:
        """Report within FIELD_WAIT_S which kind of field has the keys of that process since ``at``."""


class Desktop(Protocol):
    """The functions every platform file offers."""

    def account_name(self) -> str:
        """The operating system's name for whoever is signed in."""

    def listen(self, on_key: Callable[[KeyPress], None], wall: Callable[[], datetime]) -> Watch:
        """Report every key press and mouse click until stopped; ``wall`` gives their UTC time."""

    def watch_focus(self, on_window: Callable[[ActiveWindow], None]) -> Watch:
        """Report the active window now and at every change until stopped."""

    def watch_fields(self, on_field: Callable[[FieldNews], None]) -> FieldWatch | None:
        """Report which field has the keys, until stopped; None where this session cannot know."""

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


def tells_passwords_apart() -> bool:
    """Whether this session can say which field has the keys."""
    name = _ACCESSIBILITY.get(sys.platform)
    return name is not None and bool(importlib.import_module(name).has_accessibility_bus())


def platform_name() -> str:
    """What this platform calls itself, for the enrolment."""
    return sys.platform
