"""Keeps a set of child processes alive: starts them in order, restarts what dies, stops them in reverse.

Back-off doubles from half a second to thirty while a child keeps dying, and falls back once it has
lived for a minute. Children die with the supervisor on Linux (PR_SET_PDEATHSIG), so a killed supervisor
leaves nothing behind that would block the next start.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
SETTLED_AFTER_S = 60.0
STOP_TIMEOUT_S = 12.0
PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Child:
    """One process to keep alive. ``command`` is run as it is, without a shell."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log_path: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    delay_s: float = FIRST_DELAY_S
    restarts: int = 0
    due_at: float = field(default=0.0)
    log_file: IO[bytes] | None = None


def _die_with_parent() -> None:
    """Runs in the child before exec: a group of its own (Ctrl-C reaches only us), and no orphan."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Owns the children. ``watch`` blocks until ``stop`` is called from a signal handler or a thread."""

    def __init__(
        self,
        say: Callable[[str], None],
        *,
        stop_timeout_s: float = STOP_TIMEOUT_S,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """``say`` prints one line for people; ``now`` counts the seconds of the back-off."""
        self._say, self._stop_timeout_s, self._now = say, stop_timeout_s, now
        self._children: list[Child] = []
        self._stopping = threading.Event()
        self.is_watching = False

    def add(
        self, name: str, command: Sequence[str], *, environment: Mapping[str, str], log_folder: Path
    ) -> Child:
        """Start a child now and keep it alive. Its output goes to ``log_folder/name.log``, its pid to ``name.pid``."""
        log_folder.mkdir(parents=True, exist_ok=True)
        child = Child(name, tuple(command), dict(environment), log_folder / f"{name}.log")
        self._children.append(child)
        self._start(child)
        return child

    def _start(self, child: Child) -> None:
        if child.log_file is None:
            child.log_file = child.log_path.open("ab")
        child.process = subprocess.Popen(
            child.command,
            env=dict(child.environment),
            stdin=subprocess.DEVNULL,
            stdout=child.log_file,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent,  # only calls that are safe between fork and exec
        )
        child.log_path.with_suffix(".pid").write_text(f"{child.process.pid}\n")
        child.started_at = self._now()

    def check(self) -> None:
        """Look at every child once; restart the dead whose back-off has passed."""
        now = self._now()
        for child in self._children:
            process = child.process
            if process is not None and process.poll() is None:
                if now - child.started_at > SETTLED_AFTER_S:
                    child.delay_s = FIRST_DELAY_S
                continue
            if process is not None:
                child.process = None
                child.due_at = now + child.delay_s
                child.delay_s = min(child.delay_s * 2, LONGEST_DELAY_S)
                child.restarts += 1
                self._say(
                    f"{child.name} stopped (exit {process.returncode}); starting it again. Log: {child.log_path}"
                )
            elif now >= child.due_at:
                self._start(child)

    def watch(self, also: Callable[[], None] = lambda: None) -> None:
        """Check every quarter second until stopped; ``also`` is called each time (the database's own check)."""
        self.is_watching = True
        while not self._stopping.wait(0.25):
            also()
            self.check()

    def ask_to_stop(self) -> None:
        """End ``watch``. Safe inside a signal handler."""
        self._stopping.set()

    def stop_all(self) -> None:
        """SIGTERM in reverse order of start, all given the same seconds together, then SIGKILL."""
        alive = [
            child for child in reversed(self._children) if child.process and child.process.poll() is None
        ]
        for child in alive:
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + self._stop_timeout_s
        for child in alive:
            assert child.process is not None
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(child, signal.SIGKILL)
                child.process.wait()
        for child in self._children:
            if child.log_file is not None:
                child.log_file.close()
                child.log_file = None


def _signal_group(child: Child, number: signal.Signals) -> None:
    assert child.process is not None
    # The leader only for SIGTERM: Celery's parent stops its own workers warmly. The whole group for SIGKILL.
    try:
        if number is signal.SIGKILL:
            os.killpg(child.process.pid, number)
        else:
            child.process.send_signal(number)
    except ProcessLookupError:
        return
