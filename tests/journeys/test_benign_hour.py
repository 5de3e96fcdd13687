"""Two thousand lines of ordinary school text, really typed, leave nothing on disk and only heartbeats on the wire.

How it is measured: strace writes down every call of the running agent (all threads and children) that can put
bytes into a file or a socket, with the name of what it went to. From the first key to the last line's end, files
must get nothing at all; network sockets may get what the server at the other end took for heartbeats, the pongs
of its pings, and nothing else.
"""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from Xlib.display import Display

from server.demonstration.typist import WINDOW_TITLE, Typist
from shared.wire import encode
from tests.kit.desktop import Desktop, start_desktop
from tests.kit.loopback_server import LoopbackServer
from tests.kit.running import ROOT
from tests.kit.watched_device import WatchedDevice, watch_device

pytestmark = [pytest.mark.desktop, pytest.mark.journey, pytest.mark.timeout(900)]

LINES = 2_000
ORDINARY = ROOT / "models" / "corpus" / "ordinary_school.txt"
WRITERS = "write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,sendmmsg,sendfile,copy_file_range,ftruncate"
PLACES = "openat,creat,rename,renameat2,link,symlink,mkdir,unlink,connect"
CALL = re.compile(
    r"^\d+ +(?P<at>\d+\.\d+) (?P<name>\w+)\((?P<fd>\d+)<(?P<target>.*?)>(?=,|\)).*= (?P<bytes>\d+)"
)
OPENED = re.compile(r"^\d+ +(?P<at>\d+\.\d+) openat\(.*?\"(?P<path>[^\"]+)\", (?P<flags>[A-Z_|0-9]+).*= \d+")
FRAME_OVERHEAD = 14
KEY_PAUSE_S = 0.001
LINE_PAUSE_S = 0.015
MEMORY_ONLY = ("pipe:", "anon_inode:", "UNIX", "/dev/null", "/proc/", "/sys/", "/memfd:")


@dataclass(frozen=True)
class Written:
    """Bytes by where they went, within the hour."""

    files: Counter[str]
    network: int
    sends: int
    opened_for_writing: list[str]
    strangers: list[str]
    """Connections begun to anything but the one server, at any moment of the trace."""


def test_an_ordinary_hour_leaves_heartbeats_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = LoopbackServer()
    lines = sorted(ORDINARY.read_text(encoding="utf-8").splitlines(), key=len)[:LINES]
    assert len(lines) == LINES
    trace = tmp_path / "trace"
    with (
        server.serve(),
        start_desktop() as desktop,
        watch_device(
            desktop, tmp_path / "agent", server=server.url, token="let-me-in", account="freya"
        ) as device,
    ):
        device.accept_notice()
        with notes_window(desktop), traced(device, trace):
            began = time.time()
            heard = len(server.heartbeats)
            type_all(desktop, lines)
            wait_for_heartbeat_after_the_last_line(server, heard)
            ended = time.time()
    written = read_trace(trace, began, ended, server_port=urlsplit(server.url).port or 0)
    beats = [beat for beat in server.heartbeats if began <= beat.sent_at.timestamp() <= ended]
    allowed = sum(len(encode(beat)) + FRAME_OVERHEAD for beat in beats)
    pongs = max(0, written.sends - len(beats))
    seen = server.heartbeats[-1].counters
    with capsys.disabled():
        print(
            f"\n{LINES} lines, {sum(map(len, lines))} characters typed in {ended - began:.0f} s: "
            f"{sum(written.files.values())} bytes to files, {written.network} bytes to the network in {written.sends} "
            f"sends ({len(beats)} heartbeats of together {allowed} bytes), {seen['passages_seen']} passages seen"
        )
    assert seen["passages_seen"] >= LINES
    assert seen["passages_flagged"] == 0
    assert not server.events
    assert not server.blobs
    assert written.files == Counter()
    assert written.opened_for_writing == []
    assert written.strangers == []
    assert written.network <= allowed + pongs * FRAME_OVERHEAD
    assert written.sends > 0, "the trace saw no heartbeat: it would not have seen a leak either"


@contextmanager
def notes_window(desktop: Desktop) -> Iterator[None]:
    """A window that takes the keys."""
    command = [
        sys.executable,
        "-m",
        "server.demonstration.typist",
        "--display",
        desktop.display,
        "--window-only",
    ]
    notes = subprocess.Popen(command, cwd=ROOT, env=desktop.environment)
    try:
        desktop.wait_for_window(WINDOW_TITLE)
        time.sleep(1)
        yield
    finally:
        notes.terminate()
        notes.wait(10)


@contextmanager
def traced(device: WatchedDevice, trace: Path) -> Iterator[None]:
    """strace on the agent and everything it starts."""
    command = ["strace", "-f", "-yy", "-ttt", "-s", "0", "-e", f"trace={WRITERS},{PLACES}", "-o", str(trace)]
    strace = subprocess.Popen([*command, "-p", str(device.process.pid)], stderr=subprocess.PIPE, text=True)
    assert strace.stderr is not None
    assert "attached" in strace.stderr.readline()
    try:
        yield
    finally:
        strace.terminate()
        strace.communicate(timeout=20)


def type_all(desktop: Desktop, lines: list[str]) -> None:
    """Every line and Return, some 500 keys a second: far beyond hands, and still slow enough for X to keep all."""
    display = Display(desktop.display)
    typist = Typist(display)
    for line in lines:
        for _ in typist.pauses(line):
            time.sleep(KEY_PAUSE_S)
        typist.press("Return")
        time.sleep(LINE_PAUSE_S)
    display.close()


def wait_for_heartbeat_after_the_last_line(server: LoopbackServer, heard: int) -> None:
    """The hour ends with a heartbeat whose counters include the last line."""
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline:
        if len(server.heartbeats) > heard and server.heartbeats[-1].counters["passages_seen"] >= LINES:
            return
        time.sleep(0.5)
    counters = server.heartbeats[-1].counters if server.heartbeats else {}
    raise TimeoutError(f"no heartbeat tells of {LINES} passages: {counters}")


def may_write(opened: re.Match[str]) -> bool:
    """Whether a file was opened so that something could be put into it."""
    is_for_writing = re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", opened["flags"]) is not None
    return is_for_writing and opened["path"] != os.devnull


def read_trace(trace: Path, began: float, ended: float, *, server_port: int) -> Written:
    """What strace saw between two moments."""
    strangers: list[str] = []
    files: Counter[str] = Counter()
    opened: list[str] = []
    network = sends = 0
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        if (call := CALL.match(line)) and began <= float(call["at"]) <= ended and int(call["bytes"]):
            target = call["target"]
            if target.startswith(("TCP", "UDP")):
                network += int(call["bytes"])
                sends += 1
            elif not target.startswith(MEMORY_ONLY):
                files[target] += int(call["bytes"])
        elif (place := OPENED.match(line)) and began <= float(place["at"]) <= ended and may_write(place):
            opened.append(place["path"])
        elif "sa_family=AF_INET" in line and f"htons({server_port})" not in line:
            strangers.append(line)
    return Written(files, network, sends, opened, strangers)
