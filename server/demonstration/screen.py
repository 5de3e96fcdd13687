"""Chooses the display the agent watches: the person's own, or one of our own where the machine has none."""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from server.demonstration.supervisor import Supervisor
from server.kit.errors import KnownError

FIRST_OWN_DISPLAY, LAST_OWN_DISPLAY = 90, 119
SCREEN = "1280x800x24"
SOCKETS = Path(os.sep, "tmp", ".X11-unix")
ANSWER_WITHIN_S = 10.0


class NoDisplayError(KnownError):
    """Neither a display nor the means to make one."""

    code = "no_display"


@dataclass(frozen=True, slots=True)
class Screen:
    """``display`` as in the environment variable. ``is_own`` when we made it and may type on it."""

    display: str
    is_own: bool


def find_screen(display: str | None) -> Screen | None:
    """The person's display, if ``display`` names one that answers."""
    if not display:
        return None
    if shutil.which("xdpyinfo") is None:
        return Screen(display, False)
    answered = subprocess.run(
        ["xdpyinfo", "-display", display], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=10
    )
    return Screen(display, False) if answered.returncode == 0 else None


def start_own_screen(supervisor: Supervisor, *, environment: dict[str, str], log_folder: Path) -> Screen:
    """An Xvfb and a window manager of our own. Raises NoDisplayError naming what to install."""
    missing = [program for program in ("Xvfb", "openbox") if shutil.which(program) is None]
    if missing:
        raise NoDisplayError(
            f"This machine has no display, and {' and '.join(missing)} cannot be found to make one."
            " Install them (on Debian: apt-get install xvfb openbox) or start with --no-agent."
        )
    number = _free_number()
    display = f":{number}"
    xvfb = ["Xvfb", display, "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]
    supervisor.add("xvfb", xvfb, environment=environment, log_folder=log_folder)
    _wait_for_socket(_socket_of(number))
    environment = {**environment, "DISPLAY": display}
    supervisor.add("openbox", ["openbox", "--sm-disable"], environment=environment, log_folder=log_folder)
    return Screen(display, True)


def _socket_of(number: int) -> Path:
    return SOCKETS / f"X{number}"


def _free_number() -> int:
    for number in range(FIRST_OWN_DISPLAY, LAST_OWN_DISPLAY + 1):
        if not _socket_of(number).exists():
            return number
    raise NoDisplayError(
        f"Every display from :{FIRST_OWN_DISPLAY} to :{LAST_OWN_DISPLAY} is taken; stop one."
    )


def _wait_for_socket(path: Path) -> None:
    deadline = time.monotonic() + ANSWER_WITHIN_S
    while time.monotonic() < deadline:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(path))
            except OSError:
                time.sleep(0.05)
            else:
                return
    raise NoDisplayError(
        f"The display we started did not answer within {ANSWER_WITHIN_S:.0f} seconds; see xvfb.log."
    )
