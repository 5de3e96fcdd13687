"""`make test`: every test of both houses, the UI's checks, and the proof that the houses can live apart."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ui
from environment import prepare_apart
from steps import ROOT, TOOLS, SetupError, apt_install, is_root_with_apt, say

CLOSING_LINE = TOOLS / "closing-line"
REPORTS = TOOLS / "reports"
DESKTOP_TOOLS = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "openbox": "openbox",
    "xterm": "xterm",
    "chromium": "chromium",
    "dbus-daemon": "dbus",
    "dbus-launch": "dbus-x11",
}
"""Program → the Debian package that holds it."""
AT_SPI = (Path("/usr/libexec/at-spi2-registryd"), "at-spi2-core")
SERIAL = "desktop or journey"
"""Tests that own a screen, a keyboard or the whole chain: one after another, never beside others."""
ALONE = "not desktop and not journey and not database"


@dataclass
class Tally:
    """What the stages so far have seen."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    broken_stages: int = 0


def run_tests(venv: Path, python: Path, arguments: Sequence[str]) -> int:
    """Everything, or only what ``arguments`` name. Returns the exit status."""
    TOOLS.mkdir(exist_ok=True)
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir()
    started = time.monotonic()
    tally = Tally()
    install_desktop_tools()
    ui.build(venv)
    if arguments:
        _pytest(tally, "chosen", python, list(arguments))
    else:
        _ui_checks(tally, venv)
        _apart(tally, "agent", ["agent", "shared"], ["tests/agent", "tests/shared"])
        _apart(tally, "server", ["server", "shared"], ["tests/server", "tests/shared"])
        _pytest(tally, "side by side", python, ["-n", "2", "-m", f"not ({SERIAL})", "tests"])
        _pytest(tally, "one by one", python, ["-m", SERIAL, "tests"], may_be_empty=True)
    return _close(tally, time.monotonic() - started)


def install_desktop_tools() -> None:
    """What the desktop and journey tests type with and look through; installed only where we may."""
    missing = [package for program, package in DESKTOP_TOOLS.items() if shutil.which(program) is None]
    if sys.platform == "linux" and not AT_SPI[0].exists():
        missing.append(AT_SPI[1])
    if not missing:
        return
    if is_root_with_apt():
        apt_install(missing, "desktop and journey tests need a screen, a keyboard and a browser")
    else:
        say(f"missing for desktop and journey tests, which will FAIL: {' '.join(missing)}")
        say("install them (Debian: as root, apt-get install the names above), then run this again")


def _ui_checks(tally: Tally, venv: Path) -> None:
    if not (ui.UI / "package.json").exists():
        return
    started = time.monotonic()
    try:
        ui.install(venv)
        print(ui.npm(venv, "run", "check"), flush=True)
    except SetupError as error:
        tally.broken_stages += 1
        print(error, flush=True)
    say(f"stage 'moderation_ui' ended ({time.monotonic() - started:.1f} s)")


def _apart(tally: Tally, level: str, packages: Sequence[str], folders: Sequence[str]) -> None:
    """One house alone: all its modules import, its fast tests pass, and the other's packages are absent."""
    python = prepare_apart(level)
    walk = [str(python), str(ROOT / ".ci" / "walk.py"), level, *packages]
    if subprocess.run(walk, cwd=ROOT, env=_environment(), check=False).returncode != 0:
        tally.broken_stages += 1
    present = [folder for folder in folders if (ROOT / folder).exists()]
    _pytest(tally, f"{level} alone", python, ["-m", ALONE, *present])


def _pytest(
    tally: Tally, name: str, python: Path, arguments: Sequence[str], *, may_be_empty: bool = False
) -> None:
    started = time.monotonic()
    report = REPORTS / f"{name.replace(' ', '-')}.xml"
    command = [str(python), "-m", "pytest", f"--junitxml={report}", *arguments]
    say(f"stage '{name}': pytest {' '.join(arguments)}")
    status = subprocess.run(command, cwd=ROOT, env=_environment(), check=False).returncode
    if status != 0 and not (status == 5 and may_be_empty):
        tally.broken_stages += 1
    _count(tally, report)
    say(f"stage '{name}' ended with {status} ({time.monotonic() - started:.1f} s)")


def _environment() -> dict[str, str]:
    """pynput asks for a screen when it is imported; tests that want a real one start their own."""
    env = dict(os.environ)
    if "DISPLAY" not in env:
        env.setdefault("PYNPUT_BACKEND", "dummy")
    return env


def _count(tally: Tally, report: Path) -> None:
    if not report.exists():
        return
    for suite in ET.parse(report).getroot().iter("testsuite"):
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        tally.failed += bad
        tally.skipped += skipped
        tally.passed += int(suite.get("tests", 0)) - bad - skipped


def _close(tally: Tally, duration_s: float) -> int:
    """One closing line over all stages, in pytest's own words, kept for `.ci/run`."""
    parts = [f"{tally.passed} passed"]
    if tally.failed:
        parts.insert(0, f"{tally.failed} failed")
    if tally.skipped:
        parts.append(f"{tally.skipped} skipped")
    if tally.broken_stages:
        parts.append(f"{tally.broken_stages} stages broken")
    line = f"==== {', '.join(parts)} in {duration_s:.2f}s ===="
    CLOSING_LINE.write_text(line + "\n")
    print(line, flush=True)
    return 1 if tally.failed or tally.broken_stages else 0
