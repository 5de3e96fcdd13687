"""Makes this process a quiet and careful guest: no core dumps, no readers, low priority, one per folder."""

import ctypes
import fcntl
import gc
import os
import resource
import time
from pathlib import Path

_PR_SET_DUMPABLE = 4
_NICENESS = 10
LOCK_FILE = "agent.lock"


class AlreadyRunningError(RuntimeError):
    """Another agent holds this folder."""


def harden() -> None:
    """No typed text may reach the disk through a crash, and no other process may read our memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    os.umask(0o077)
    os.nice(max(0, _NICENESS - os.nice(0)))


def return_memory() -> None:
    """Give what starting needed, and running does not, back to the system."""
    gc.collect()
    gc.freeze()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


class FolderLock:
    """Held while this process owns the folder; the system releases it however the process ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._descriptor)
            raise AlreadyRunningError("another agent is running in this folder") from error

    def release(self) -> None:
        """Let the folder go."""
        os.close(self._descriptor)


def is_running(folder: Path) -> bool:
    """Whether an agent holds ``folder`` now."""
    if not (folder / LOCK_FILE).exists():
        return False
    try:
        FolderLock(folder).release()
    except AlreadyRunningError:
        return True
    return False


def resident_mib() -> float:
    """This process's resident memory, MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def cpu_s() -> float:
    """Processor seconds that this process has used."""
    return time.process_time()
