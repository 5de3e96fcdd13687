"""Children are kept alive with growing patience, and none outlives a stop or its supervisor."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from server.demonstration import supervisor as module
from server.demonstration.supervisor import FIRST_DELAY_S, LONGEST_DELAY_S, SETTLED_AFTER_S, Child, Supervisor

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = ["sh", "-c", "trap '' TERM; echo up; sleep 60 & echo $! > \"$GRANDCHILD\"; wait; sleep 60"]
FAILS = ["sh", "-c", "echo no; exit 3"]
PARENT = """
import os, sys, time
from pathlib import Path
from server.demonstration.supervisor import Supervisor
child = Supervisor(print).add("one", ["sleep", "60"], environment=os.environ, log_folder=Path(sys.argv[1]))
print(child.process.pid, flush=True)
time.sleep(60)
"""


@dataclass
class Bench:
    """A supervisor whose back-off goes by a clock of ours."""

    folder: Path
    said: list[str] = field(default_factory=list)
    seconds: float = 1000.0

    def __post_init__(self) -> None:
        self.supervisor = Supervisor(self.said.append, stop_timeout_s=0.4, now=lambda: self.seconds)

    def add(self, name: str, command: list[str], **more: str) -> Child:
        """One more child."""
        environment = {**os.environ, **more}
        return self.supervisor.add(name, command, environment=environment, log_folder=self.folder)

    def log_of(self, name: str) -> str:
        """What a child has said."""
        return (self.folder / f"{name}.log").read_text()

    def die(self, child: Child) -> None:
        """Kill it and let the supervisor see that."""
        os.kill(pid_of(child), signal.SIGKILL)
        assert child.process is not None
        child.process.wait(20)
        self.supervisor.check()

    def wait(self, seconds: float) -> None:
        """Let time pass and look again."""
        self.seconds += seconds
        self.supervisor.check()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path / "logs")
    yield made
    made.supervisor.stop_all()


def pid_of(child: Child) -> int:
    assert child.process is not None, "it does not run"
    return child.process.pid


def until(condition: Callable[[], object]) -> None:
    """Wait for it; fail when it does not come."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether the process is still there, and not only waiting to be counted."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_child_has_a_log_and_a_file_with_its_pid(bench: Bench) -> None:
    child = bench.add("worker", SLEEP)
    assert (bench.folder / "worker.pid").read_text() == f"{pid_of(child)}\n"
    until(lambda: bench.log_of("worker") == "up\n")


def test_a_child_that_dies_is_started_again_after_a_moment(bench: Bench) -> None:
    child = bench.add("worker", SLEEP)
    first = pid_of(child)
    bench.die(child)
    bench.wait(FIRST_DELAY_S / 2)
    assert child.process is None, "not at once"
    bench.wait(FIRST_DELAY_S / 2)
    assert pid_of(child) != first
    assert (bench.folder / "worker.pid").read_text() == f"{pid_of(child)}\n"
    assert child.restarts == 1
    (line,) = bench.said
    assert "worker stopped (exit -9)" in line
    assert str(bench.folder / "worker.log") in line


def test_its_log_goes_on_where_it_was(bench: Bench) -> None:
    child = bench.add("worker", FAILS)
    for tries in (1, 2):
        assert child.process is not None
        child.process.wait(20)
        assert bench.log_of("worker") == "no\n" * tries
        bench.supervisor.check()
        bench.wait(LONGEST_DELAY_S)


def test_one_that_keeps_dying_is_tried_ever_more_slowly_but_for_ever(bench: Bench) -> None:
    child = bench.add("worker", FAILS)
    waited = []
    for _ in range(9):
        assert child.process is not None
        child.process.wait(20)
        bench.supervisor.check()
        waited.append(child.due_at - bench.seconds)
        bench.wait(waited[-1])
    assert waited == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert child.process is not None


def test_whoever_has_lived_for_a_while_is_trusted_again(bench: Bench) -> None:
    child = bench.add("worker", SLEEP)
    for _ in range(3):
        bench.die(child)
        bench.wait(child.delay_s)
    assert child.delay_s == 8 * FIRST_DELAY_S
    bench.wait(SETTLED_AFTER_S + 1)
    assert child.delay_s == FIRST_DELAY_S


def test_the_others_are_left_alone(bench: Bench) -> None:
    one, two = bench.add("one", SLEEP), bench.add("two", SLEEP)
    kept = pid_of(two)
    bench.die(one)
    bench.wait(FIRST_DELAY_S)
    assert pid_of(two) == kept
    assert two.restarts == 0


def test_stopping_asks_in_reverse_order(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was started last leans on the others."""
    asked: list[tuple[str, signal.Signals]] = []
    send = module._signal_group

    def note(child: Child, number: signal.Signals) -> None:
        asked.append((child.name, number))
        send(child, number)

    monkeypatch.setattr(module, "_signal_group", note)
    children = [bench.add(name, SLEEP) for name in ("postbox", "web", "worker")]
    until(lambda: all(bench.log_of(child.name) for child in children))
    bench.supervisor.stop_all()
    assert [name for name, number in asked if number is signal.SIGTERM] == ["worker", "web", "postbox"]
    assert all(child.process is not None and child.process.returncode is not None for child in children)


def test_one_that_does_not_listen_is_killed_with_all_it_started(bench: Bench, tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    stubborn = bench.add("stubborn", STUBBORN, GRANDCHILD=str(note))
    until(lambda: note.exists() and note.read_text().strip())
    grandchild = int(note.read_text())
    assert is_alive(grandchild)
    bench.supervisor.stop_all()
    assert stubborn.process is not None
    assert stubborn.process.returncode == -signal.SIGKILL
    until(lambda: not is_alive(grandchild))
    assert stubborn.log_file is None, "no file is left open"


def test_stopping_twice_and_stopping_the_dead_does_no_harm(bench: Bench) -> None:
    child = bench.add("worker", SLEEP)
    bench.die(child)
    bench.supervisor.stop_all()
    bench.supervisor.stop_all()
    assert child.process is None


def test_a_child_is_told_only_what_it_is_given(bench: Bench, tmp_path: Path) -> None:
    bench.supervisor.add("env", ["/usr/bin/env"], environment={"LANTERN_TEST": "1"}, log_folder=bench.folder)
    until(lambda: "LANTERN_TEST=1" in bench.log_of("env"))
    assert bench.log_of("env").splitlines() == ["LANTERN_TEST=1"]


def test_watching_restarts_and_ends_when_asked(bench: Bench) -> None:
    child = bench.add("worker", SLEEP)
    first = pid_of(child)
    looked: list[int] = []
    watching = threading.Thread(target=lambda: bench.supervisor.watch(lambda: looked.append(1)))
    watching.start()
    try:
        until(lambda: looked)
        assert bench.supervisor.is_watching
        os.kill(first, signal.SIGKILL)
        until(lambda: child.restarts == 1)
    finally:
        bench.supervisor.ask_to_stop()
        watching.join(5)
    assert not watching.is_alive()


def test_children_die_with_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_alive(child)
    finally:
        parent.kill()
        parent.communicate()
    until(lambda: not is_alive(child))
