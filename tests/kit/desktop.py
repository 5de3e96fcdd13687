"""A real X display for tests: Xvfb, a window manager, and keys typed by xdotool."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NEEDED = ("Xvfb", "openbox", "xdotool", "chromium")
FIRST_DISPLAY = 120
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=Translate,MediaRouter",
)


@dataclass(frozen=True)
class Desktop:
    """One display. ``environment`` starts programs on it."""

    display: str
    environment: dict[str, str]

    def xdotool(self, *words: str) -> str:
        """Run xdotool on this display and return what it printed."""
        done = subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True, timeout=120, check=True
        )
        return done.stdout.strip()

    def type(self, text: str, *, delay_ms: int = 35) -> None:
        """Type ``text`` into the focused window with real key events."""
        self.xdotool("type", "--delay", str(delay_ms), "--", text)

    def key(self, *names: str) -> None:
        """Press keys by name, e.g. ``BackSpace``."""
        self.xdotool("key", "--delay", "35", *names)

    def is_visible(self, title_part: str) -> bool:
        """Whether any visible window's title contains ``title_part``."""
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", title_part],
            env=self.environment,
            capture_output=True,
            timeout=30,
        )
        return bool(found.stdout.split())

    def wait_for_window(self, title_part: str, *, timeout_s: float = 30) -> str:
        """The id of a visible window whose title contains ``title_part``, focused."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            found = subprocess.run(
                ["xdotool", "search", "--onlyvisible", "--name", title_part],
                env=self.environment,
                capture_output=True,
                text=True,
                timeout=30,
            )
            windows = found.stdout.split()
            if windows:
                self.xdotool("windowactivate", "--sync", windows[-1])
                return windows[-1]
            time.sleep(0.2)
        raise TimeoutError(f"no window titled {title_part!r} within {timeout_s} s")

    def screenshot(self, path: Path) -> None:
        """The whole screen as PNG, for people to look at."""
        if shutil.which("import"):
            subprocess.run(
                ["import", "-window", "root", str(path)], env=self.environment, timeout=30, check=False
            )


def require_desktop_programs() -> None:
    """Fail, naming what to install, rather than skip: these tests are the product's proof."""
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if missing:
        raise RuntimeError(
            f"desktop tests need {', '.join(missing)}: apt-get install xvfb openbox xdotool chromium"
        )


@contextmanager
def start_desktop(environment: dict[str, str] | None = None) -> Iterator[Desktop]:
    """Start a display that nobody else uses and end it afterwards."""
    require_desktop_programs()
    base = dict(environment or os.environ)
    if environment is None:
        base.pop("DBUS_SESSION_BUS_ADDRESS", None)  # whoever tests here may have fields; the test must not
    for number in range(FIRST_DISPLAY, FIRST_DISPLAY + 40):
        if Path(f"/tmp/.X11-unix/X{number}").exists() or Path(f"/tmp/.X{number}-lock").exists():
            continue
        display = f":{number}"
        xvfb = subprocess.Popen(
            ["Xvfb", display, "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if _answers(number, xvfb):
            break
    else:
        raise RuntimeError("no free display number")
    env = {**base, "DISPLAY": display}
    manager = subprocess.Popen(
        ["openbox", "--sm-disable"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(0.5)
    try:
        yield Desktop(display, env)
    finally:
        for process in (manager, xvfb):
            process.terminate()
            process.wait(10)


def _answers(number: int, xvfb: "subprocess.Popen[bytes]") -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and xvfb.poll() is None:
        if Path(f"/tmp/.X11-unix/X{number}").exists():
            time.sleep(0.3)
            return xvfb.poll() is None
        time.sleep(0.05)
    return False
