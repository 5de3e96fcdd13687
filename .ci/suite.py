"""`make test`: every test of both houses, the UI's checks, and the proof that the houses can live apart."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import desktop
import ui
from environment import prepare_apart
from steps import ROOT, TOOLS, SetupError, say

CLOSING_LINE = TOOLS / "closing-line"
REPORTS = TOOLS / "reports"
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


WITHOUT = ("--ignore=tests/server/demonstration/test_typist.py",)
"""Plays on a display with an agent's packages; it is tested where both are."""


def run_tests(venv: Path, python: Path, arguments: Sequence[str]) -> int:
    """Everything, or only what ``arguments`` name. Returns the exit status."""
    TOOLS.mkdir(exist_ok=True)
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir()
    started = time.monotonic()
    tally = Tally()
    desktop.install_for_tests()
    _user_interface(tally, venv, checked=not arguments)
    if arguments:
        _pytest(tally, "chosen", python, list(arguments))
    else:
        _apart(tally, "agent", ["agent", "shared"], ["tests/agent", "tests/shared"])
        _apart(tally, "server", ["server", "shared"], ["tests/server", "tests/shared", *WITHOUT])
        _pytest(tally, "side by side", python, ["-n", "2", "-m", f"not ({SERIAL})", "tests"])
        _pytest(tally, "one by one", python, ["-m", SERIAL, "tests"])
    return _close(tally, time.monotonic() - started)


def _user_interface(tally: Tally, venv: Path, *, checked: bool) -> None:
    """Build it, because journeys look at it; check it too in a full run. A failure does not hide the others."""
    if not (ui.UI / "package.json").exists():
        return
    started = time.monotonic()
    try:
        ui.build(venv)
        if checked:
            ui.install(venv)
            print(ui.npm(venv, "run", "check"), flush=True)
    except SetupError as error:
        tally.broken_stages += 1
        print(error, flush=True)
    say(f"stage 'moderation_ui' ended ({time.monotonic() - started:.1f} s)")


def _apart(tally: Tally, level: str, packages: Sequence[str], folders: Sequence[str]) -> None:
    """One house alone: all its modules import, its fast tests pass, and the other's packages are absent."""
    python = prepare_apart(level)
    # pynput asks for a screen when it is imported; nothing of it is used here.
    env = {**os.environ, "PYNPUT_BACKEND": "dummy"}
    walk = [str(python), str(ROOT / ".ci" / "walk.py"), level, *packages]
    if subprocess.run(walk, cwd=ROOT, env=env, check=False).returncode != 0:
        tally.broken_stages += 1
    present = [folder for folder in folders if folder.startswith("--") or (ROOT / folder).exists()]
    _pytest(tally, f"{level} alone", python, ["-m", ALONE, *present])


def _pytest(tally: Tally, name: str, python: Path, arguments: Sequence[str]) -> None:
    started = time.monotonic()
    report = REPORTS / f"{name.replace(' ', '-')}.xml"
    command = [str(python), "-m", "pytest", f"--junitxml={report}", *arguments]
    say(f"stage '{name}': pytest {' '.join(arguments)}")
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if status != 0:
        tally.broken_stages += 1
    _count(tally, report)
    say(f"stage '{name}' ended with {status} ({time.monotonic() - started:.1f} s)")


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
