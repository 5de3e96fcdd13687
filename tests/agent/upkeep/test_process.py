"""A careful guest: no core dumps, nobody reads our memory, one agent a folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agent.upkeep.process import (
    AlreadyRunningError,
    FolderLock,
    cpu_s,
    is_running,
    resident_mib,
    return_memory,
)

ROOT = Path(__file__).resolve().parents[3]
HARDENED = """
import os, resource, sys
from agent.upkeep.process import harden
harden()
print(resource.getrlimit(resource.RLIMIT_CORE), os.nice(0) >= 10, oct(os.umask(0)))
print(os.stat("/proc/self/environ").st_uid)
sys.stdout.flush()
if len(sys.argv) > 1:
    os.abort()
"""


def hardened(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", HARDENED, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_hardened(tmp_path: Path) -> None:
    done = hardened(tmp_path)
    assert done.stdout.splitlines() == ["(0, 0) True 0o77", "0"]


def test_a_crash_leaves_no_core(tmp_path: Path) -> None:
    assert hardened(tmp_path, "crash").returncode == -signal.SIGABRT
    assert list(tmp_path.iterdir()) == []


def test_one_agent_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "agent"
    assert not is_running(folder)
    lock = FolderLock(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert is_running(folder)
    with pytest.raises(AlreadyRunningError):
        FolderLock(folder)
    lock.release()
    assert not is_running(folder)


def test_own_measures() -> None:
    assert 5 < resident_mib() < 2_000
    assert cpu_s() > 0


def test_what_starting_needed_is_given_back() -> None:
    before = resident_mib()
    needed = [bytes(50_000) for _ in range(2_000)]
    grown = resident_mib()
    assert grown > before + 50
    needed.clear()
    return_memory()
    assert resident_mib() < grown - 50
