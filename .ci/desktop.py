"""A screen, a keyboard and a browser where the machine has none: Debian packages, only where we may install them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from steps import SetupError, apt_install, is_root_with_apt, say

TEST_TOOLS = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "openbox": "openbox",
    "xterm": "xterm",
    "strace": "strace",
    "chromium": "chromium",
    "dbus-daemon": "dbus",
    "dbus-launch": "dbus-x11",
}
"""Program → the Debian package that holds it."""
AT_SPI = (Path("/usr/libexec/at-spi2-registryd"), "at-spi2-core")
RUN_TOOLS = {"Xvfb": "xvfb", "openbox": "openbox"}


def install_for_tests() -> None:
    """What the desktop and journey tests type with and look through. Without it they fail and say so."""
    missing = [package for program, package in TEST_TOOLS.items() if shutil.which(program) is None]
    if sys.platform == "linux" and not AT_SPI[0].exists():
        missing.append(AT_SPI[1])
    if not missing:
        return
    if is_root_with_apt():
        apt_install(missing, "desktop and journey tests need a screen, a keyboard and a browser")
    else:
        say(f"missing for desktop and journey tests, which will FAIL: {' '.join(missing)}")
        say("install them (Debian: as root, apt-get install the names above), then run this again")


def install_for_run(arguments: Sequence[str]) -> None:
    """A display for the agent on a machine without one. The product runs without it, only without its agent."""
    if sys.platform != "linux" or "--no-agent" in arguments or os.environ.get("DISPLAY"):
        return
    missing = [package for program, package in RUN_TOOLS.items() if shutil.which(program) is None]
    if missing and is_root_with_apt():
        try:
            apt_install(missing, "the agent needs a display and this machine has none")
        except SetupError as error:
            say(
                f"no display could be installed; starting without an agent ({str(error).splitlines()[-1][:160]})"
            )
