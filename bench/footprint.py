"""The agent and ActivityWatch side by side in one X session, and what each of their processes uses."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.kit.desktop import Desktop, start_desktop
from tests.kit.loopback_server import LoopbackServer
from tests.kit.running import ROOT

PEERS = ROOT / ".tools" / "peers"
PEER_PACKAGES = ("aw-server==0.12.0", "aw-client==0.5.15", "pynput==1.8.2", "setuptools<81")
STANDIN = Path(__file__).with_name("standin_watcher.py")
TERMINAL = "Year 9 notes"
PROSE = "the quick brown fox jumps over lazy dogs and sleeps all day long in the sun "


@dataclass(frozen=True)
class Used:
    """CPU seconds on a core and voluntary switches (each a wake-up), summed over threads and processes."""

    cpu_s: float
    wakeups: int

    def since(self, earlier: "Used") -> "Used":
        return Used(self.cpu_s - earlier.cpu_s, self.wakeups - earlier.wakeups)


@dataclass(frozen=True)
class Stage:
    """Both, running. ``peer`` holds four process ids."""

    desktop: Desktop
    server: LoopbackServer
    agent: int
    peer: tuple[int, ...]


def used(process_ids: Sequence[int]) -> Used:
    """What these processes have used until now."""
    cpu_ns = wakeups = 0
    for process_id in process_ids:
        for thread in Path(f"/proc/{process_id}/task").iterdir():
            cpu_ns += int((thread / "schedstat").read_text().split()[0])
            found = re.search(r"^voluntary_ctxt_switches:\s+(\d+)", (thread / "status").read_text(), re.M)
            wakeups += int(found.group(1)) if found else 0
    return Used(cpu_ns / 1e9, wakeups)


def resident_mb(process_ids: Sequence[int]) -> float:
    """Resident memory of these processes together, MB of 2^20 bytes."""
    pages = sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in process_ids)
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


def children_of(process_id: int) -> list[int]:
    """The living children of one process."""
    return [
        int(child)
        for thread in Path(f"/proc/{process_id}/task").iterdir()
        for child in (thread / "children").read_text().split()
    ]


def peer_python() -> Path:
    """ActivityWatch's server and client in an environment of their own, installed on first use."""
    place = PEERS / "activitywatch"
    python = place / "bin" / "python"
    if not (place / "installed").exists():
        uv = str(ROOT / ".tools" / "uv") if (ROOT / ".tools" / "uv").exists() else shutil.which("uv") or "uv"
        no_compiler = PEERS / "override.txt"
        PEERS.mkdir(parents=True, exist_ok=True)
        no_compiler.write_text("evdev ; sys_platform == 'never'\n")
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, str(place)], check=True)
        install = [uv, "pip", "install", "-q", "--python", str(python), "--override", str(no_compiler)]
        subprocess.run([*install, *PEER_PACKAGES], check=True)
        (place / "installed").touch()
    return python


@contextmanager
def side_by_side() -> Iterator[Stage]:
    """Both watching one display with a terminal in front, the notice accepted, everything settled."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lantern-footprint-")))
        desktop = stack.enter_context(start_desktop())
        server = stack.enter_context(LoopbackServer().serve())
        peer = _start_peer(stack, desktop, folder)
        agent = _start_agent(stack, desktop, server, folder)
        words = ["xterm", "-T", TERMINAL, "-e", "cat > /dev/null"]
        _start(stack, words, desktop.environment)
        desktop.wait_for_window(TERMINAL)
        time.sleep(3.0)
        yield Stage(desktop, server, agent, peer)


def _start_agent(stack: ExitStack, desktop: Desktop, server: LoopbackServer, folder: Path) -> int:
    words = ["run", "--home", str(folder / "agent"), "--server", server.url, "--enrol", "let-me-in"]
    command = [sys.executable, "-m", "agent", *words, "--account", "bench"]
    process_id = _start(stack, command, desktop.environment)
    desktop.wait_for_window("About Lantern")
    time.sleep(1.5)
    desktop.key("Return")
    if not server.wait_until(lambda: any(beat.state == "watching" for beat in server.heartbeats)):
        raise TimeoutError("the agent does not watch")
    return process_id


def _start_peer(stack: ExitStack, desktop: Desktop, folder: Path) -> tuple[int, ...]:
    python = peer_python()
    home = folder / "peer"
    home.mkdir()
    environment = {**desktop.environment, "HOME": str(home)}
    environment = {key: value for key, value in environment.items() if not key.startswith("XDG_")}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve = [str(python), "-m", "aw_server", "--testing", "--host", "127.0.0.1", "--port", str(port)]
    found = [_start(stack, serve, environment)]
    deadline = time.monotonic() + 30
    while not _answers(port):
        if time.monotonic() > deadline:
            raise TimeoutError("ActivityWatch's server does not answer")
        time.sleep(0.1)
    for kind in ("window", "afk", "input"):
        found.append(_start(stack, [str(python), str(STANDIN), kind, str(port)], environment))
    return tuple(found)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _start(stack: ExitStack, command: Sequence[str], environment: dict[str, str]) -> int:
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process.pid
