"""How the bootstrap says what it does: one line a step with its duration, retries on flaky networks."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
PAUSES_S = (2, 6, 15)
"""Waits between attempts at anything that downloads."""

_T = TypeVar("_T")


class SetupError(Exception):
    """Something we cannot put right ourselves; the message says exactly what to do."""


def say(text: str) -> None:
    """One line to whoever is waiting."""
    print(f"lantern: {text}", flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Report ``name`` and how long it took, once it is done."""
    started = time.monotonic()
    try:
        yield
    except BaseException:
        say(f"{name} FAILED after {time.monotonic() - started:.1f} s")
        raise
    say(f"{name} ({time.monotonic() - started:.1f} s)")


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
    """Run quietly and return what it printed. Raises SetupError carrying the end of its output."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=cwd,
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        tail = "\n".join(done.stdout.strip().splitlines()[-25:])
        raise SetupError(f"`{shlex.join(words)}` ended with {done.returncode}:\n{tail}")
    return done.stdout


def with_retries(name: str, work: Callable[[], _T]) -> _T:
    """Do ``work``, again after a pause when it fails: registries and mirrors have bad minutes."""
    for pause_s in PAUSES_S:
        try:
            return work()
        except SetupError as error:
            say(f"{name}: attempt failed, again in {pause_s} s ({str(error).splitlines()[-1][:160]})")
            time.sleep(pause_s)
    return work()


def is_root_with_apt() -> bool:
    """Whether we may install Debian packages here without asking anybody."""
    return sys.platform == "linux" and os.geteuid() == 0 and Path("/usr/bin/apt-get").exists()


def apt_install(packages: Sequence[str], why: str) -> None:
    """Install Debian packages, and say so first."""
    say(f"installing with apt-get, because {why}: {' '.join(packages)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step("apt-get"):
        with_retries("apt-get update", lambda: run(["apt-get", "update", "-q"], env=env))
        with_retries(
            "apt-get install",
            lambda: run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages], env=env),
        )
