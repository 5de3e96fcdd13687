"""Children are kept alive with growing patience, and none outlives a stop."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.demonstration import supervisor as module
from server.demonstration.supervisor import Supervisor

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]
FAILS = [sys.executable, "-c", "import sys; print('no', flush=True); sys.exit(3)"]


@pytest.fixture
def said() -> list[str]:
    """What the person at the terminal read."""
    return []


@pytest.fixture
def supervisor(said: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    """Quick to restart and quick to lose patience; leaves nothing behind."""
    monkeypatch.setattr(module, "STOP_TIMEOUT_S", 1.0)
    made = Supervisor(said.append)
    yield made
    made.stop_all()


def until(condition: Callable[[], object]) -> None:
    """Wait for it; fail when it does not come."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether the process is still there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_child_that_dies_is_started_again(supervisor: Supervisor, said: list[str], tmp_path: Path) -> None:
    child = supervisor.add("worker", SLEEP, environment=os.environ, log_folder=tmp_path)
    assert child.process is not None
    first = child.process.pid
    assert (tmp_path / "worker.pid").read_text() == f"{first}\n"
    os.kill(first, signal.SIGKILL)
    until(lambda: supervisor.check() or (child.process is not None and child.process.pid != first))
    assert child.restarts == 1
    assert len(said) == 1
    assert "worker stopped (exit -9)" in said[0]


def test_one_that_keeps_dying_is_tried_ever_more_slowly(supervisor: Supervisor, tmp_path: Path) -> None:
    child = supervisor.add("worker", FAILS, environment=os.environ, log_folder=tmp_path)
    until(lambda: supervisor.check() or child.restarts == 2)
    assert child.delay_s == 4 * module.FIRST_DELAY_S
    assert child.due_at > time.monotonic()
    assert (tmp_path / "worker.log").read_text().count("no") == 2


def test_stopping_reaches_every_child(supervisor: Supervisor, tmp_path: Path) -> None:
    pids = []
    for name, command in (("one", SLEEP), ("two", STUBBORN)):
        child = supervisor.add(name, command, environment=os.environ, log_folder=tmp_path)
        assert child.process is not None
        pids.append(child.process.pid)
    until(lambda: all("up" in (tmp_path / f"{name}.log").read_text() for name in ("one", "two")))
    supervisor.stop_all()
    assert not [pid for pid in pids if is_alive(pid)]


def test_watching_ends_when_asked(supervisor: Supervisor) -> None:
    looked = []
    watching = threading.Thread(target=lambda: supervisor.watch(lambda: looked.append(1)))
    watching.start()
    until(lambda: looked)
    supervisor.ask_to_stop()
    watching.join(5)
    assert not watching.is_alive()
