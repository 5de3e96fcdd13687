"""`make check`: format, lint, contracts, types of both languages; two at a time, the slowest first."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ui
from steps import ROOT, SetupError, say

LOCAL_PACKAGES = ("agent", "server", "shared", "models")


def check(venv: Path, python: Path) -> int:
    """Everything that needs no running program. Returns the exit status."""
    tools = python.parent
    jobs: list[tuple[str, Callable[[], tuple[int, str]]]] = [
        ("mypy --strict", lambda: _call([str(tools / "mypy")])),
        ("ruff format", lambda: _call([str(tools / "ruff"), "format", "--check", "."])),
        ("ruff check", lambda: _call([str(tools / "ruff"), "check", "."])),
        ("contracts", lambda: _call([str(tools / "lint-imports")])),
    ]
    if (ui.UI / "package.json").exists():
        jobs.insert(1, ("tsc", lambda: _typescript(venv)))
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(lambda job: _report(*job), jobs))
    return 0 if all(results) else 1


def fix(python: Path) -> int:
    """Format, and mend what the linter can mend by itself."""
    ruff = str(python.parent / "ruff")
    subprocess.run([ruff, "format", "."], cwd=ROOT, check=False)
    return subprocess.run([ruff, "check", "--fix", "."], cwd=ROOT, check=False).returncode


def _report(name: str, work: Callable[[], tuple[int, str]]) -> bool:
    started = time.monotonic()
    status, output = work()
    verdict = "ok" if status == 0 else "FAILED"
    shown = "" if status == 0 else "\n" + output.rstrip()
    say(f"{name}: {verdict} ({time.monotonic() - started:.1f} s){shown}")
    return status == 0


def _call(command: list[str]) -> tuple[int, str]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def _typescript(venv: Path) -> tuple[int, str]:
    try:
        ui.install(venv)
        return 0, ui.npm(venv, "exec", "--", "tsc", "--noEmit")
    except SetupError as error:
        return 1, str(error)
