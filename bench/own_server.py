"""A durable PostgreSQL and a web process of our own for a measurement, and how much CPU and memory each takes."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.kit.db import APP_ROLE, SYSTEM_ROLE
from server.kit.embedded_postgres import EmbeddedPostgres
from server.kit.installation import addresses_on, prepare
from server.kit.roles import role_url

ROOT = Path(__file__).resolve().parents[1]
MASTER_KEY = bytes(range(32))
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
STARTS_WITHIN_S = 60


@dataclass(frozen=True, slots=True)
class OwnDatabase:
    """``owner_url`` and the roles' URLs are SQLAlchemy's; ``pid`` is the postmaster's."""

    owner_url: str
    pid: int

    @property
    def app_url(self) -> str:
        """As the role that serves people."""
        return role_url(self.owner_url, MASTER_KEY, APP_ROLE)

    @property
    def system_url(self) -> str:
        """As the role of devices and background work."""
        return role_url(self.owner_url, MASTER_KEY, SYSTEM_ROLE)

    def cpu_s(self) -> float:
        """CPU that all its processes have used so far, those that ended too."""
        fields = _stat(self.pid)
        ended = (int(fields[13]) + int(fields[14])) * TICK_S
        return ended + sum(map(process_cpu_s, (self.pid, *_children(self.pid))))


@contextmanager
def own_database() -> Iterator[OwnDatabase]:
    """A fresh, migrated cluster that syncs to disk as in production; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lantern-bench-") as place:
        folder = Path(place)
        folder.chmod(0o711)
        postgres = EmbeddedPostgres(folder)
        try:
            owner_url = postgres.start()
            prepare(addresses_on(owner_url, MASTER_KEY), MASTER_KEY)
            [pid_file] = folder.rglob("postmaster.pid")
            yield OwnDatabase(owner_url, int(pid_file.read_text().split()[0]))
        finally:
            postgres.remove()


@dataclass(frozen=True, slots=True)
class OwnServer:
    """One web process, started as people start it."""

    port: int
    pid: int

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def own_server(database: OwnDatabase) -> Iterator[OwnServer]:
    """``python -m server serve`` on ``database``; stopped afterwards."""
    with socket.socket() as probe, tempfile.TemporaryDirectory(prefix="lantern-bench-web-") as data:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        environment = {
            **os.environ,
            "LANTERN_DATA": data,
            "LANTERN_MASTER_KEY": MASTER_KEY.hex(),
            "DATABASE_URL": database.owner_url,
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "server", "serve"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
        )
        try:
            _wait(process, port)
            yield OwnServer(port, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def process_cpu_s(pid: int) -> float:
    """CPU that all threads of a living process have used so far; 0 when it is gone."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9
    except OSError:
        return 0.0


def private_kb(pid: int) -> int:
    """Memory that is this process's alone (USS), in KB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))


def _stat(pid: int) -> list[str]:
    # What follows the name in brackets, which may hold spaces: the state is field 0 here.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int(_stat(int(entry.name))[1]) == parent:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the web process ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError("the web process did not answer")
