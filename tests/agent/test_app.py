"""The whole agent as people start it, on a real display against a loopback server: keys in, Events out."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.kit.desktop import Desktop, start_desktop
from tests.kit.loopback_server import LoopbackServer

ROOT = Path(__file__).resolve().parents[2]
WORDS = "i dont feel safe at home, my stepdad hits me when hes drunk"
HARMLESS = "the homework for maths is on page twelve"
NOTICE = "About Lantern"


def environment(display: str = "") -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LANTERN_")}
    kept.pop("DISPLAY", None)
    kept.pop("DBUS_SESSION_BUS_ADDRESS", None)
    return {**kept, "DISPLAY": display} if display else kept


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "agent", *words]


@contextmanager
def running(server: LoopbackServer, home: Path, display: str) -> Iterator["subprocess.Popen[str]"]:
    """The agent, ended by SIGTERM."""
    words = (
        "run",
        "--home",
        str(home),
        "--server",
        server.url,
        "--enrol",
        "let-me-in",
        "--account",
        "mokafor",
    )
    process = subprocess.Popen(
        command(*words), cwd=ROOT, env=environment(display), stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        finally:
            process.kill()
            if process.stderr is not None:
                process.stderr.close()


@contextmanager
def window(desktop: Desktop, title: str) -> Iterator[str]:
    """A terminal that swallows what is typed, focused."""
    process = subprocess.Popen(["xterm", "-T", title, "-e", "cat > /dev/null"], env=desktop.environment)
    try:
        yield desktop.wait_for_window(title)
    finally:
        process.terminate()
        process.wait(10)


def states(server: LoopbackServer) -> list[str]:
    return [heartbeat.state for heartbeat in server.heartbeats]


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    with start_desktop() as started:
        yield started


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer().serve() as started:
        yield started


def accept_notice(desktop: Desktop, server: LoopbackServer) -> None:
    desktop.wait_for_window(NOTICE)
    time.sleep(1.2)
    desktop.key("Return")
    assert server.wait_until(lambda: "watching" in states(server))


@pytest.mark.desktop
def test_from_key_press_to_acknowledged_event(
    tmp_path: Path, desktop: Desktop, server: LoopbackServer
) -> None:
    with running(server, tmp_path / "agent", desktop.display) as process:
        desktop.wait_for_window(NOTICE)
        with window(desktop, "Before the notice"):
            desktop.type(f"{WORDS}\n")
            time.sleep(2.0)
        assert server.events == {}
        assert states(server) == ["notice_pending"]
        accept_notice(desktop, server)
        with window(desktop, "Year 9 chat"):
            time.sleep(0.3)
            desktop.type(f"{HARMLESS}\n")
            desktop.type("i dont feel safe at hoem")
            desktop.key("BackSpace", "BackSpace")
            desktop.type("me, my stepdad hits me when hes drunk\n")
            assert server.wait_until(lambda: server.events and server.blobs)
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    ((event_id, body),) = server.events.items()
    assert body.passage == WORDS
    assert body.deleted_text == "em"
    assert (body.application, body.account) == ("xterm", "mokafor")
    assert [context.text for context in body.context] == [HARMLESS]
    assert body.marks
    assert server.headers[event_id].severity >= 3
    assert server.blobs[event_id].startswith(b"\xff\xd8\xff")
    assert server.carriers["websocket"] > 0
    assert server.heartbeats[-1].reasons == ("no_accessibility_bus",)
    at_rest = {path.name for path in (tmp_path / "agent").iterdir()}
    assert at_rest <= {
        "agent.lock", "device.key", "enrolment.json", "notice.json", "spool.db", "spool.db-shm",
        "spool.db-wal", "spool.key",
    }  # fmt: skip


@pytest.mark.desktop
def test_secret_windows_and_help_services_give_nothing(
    tmp_path: Path, desktop: Desktop, server: LoopbackServer
) -> None:
    with running(server, tmp_path / "agent", desktop.display):
        accept_notice(desktop, server)
        with window(desktop, "Sign in to your account"):
            time.sleep(0.3)
            desktop.type(f"{WORDS}\n")
        time.sleep(2.0)
        assert server.events == {}
        with window(desktop, "Year 9 chat"):
            time.sleep(0.3)
            desktop.type(f"{WORDS}\n")
            assert server.wait_until(lambda: len(server.events) == 1)


@pytest.mark.desktop
def test_taking_the_badge_away_stops_capture(
    tmp_path: Path, desktop: Desktop, server: LoopbackServer
) -> None:
    with running(server, tmp_path / "agent", desktop.display):
        accept_notice(desktop, server)
        badge = desktop.xdotool("search", "--name", "Lantern badge").split()[-1]
        desktop.xdotool("windowkill", badge)
        assert server.wait_until(lambda: "blocked" in states(server))
        assert server.heartbeats[-1].reasons == ("badge_gone",)
        with window(desktop, "Year 9 chat"):
            desktop.type(f"{WORDS}\n")
            time.sleep(2.5)
    assert server.events == {}


@pytest.mark.desktop
def test_typed_offline_and_killed_arrives_once_after_a_restart(tmp_path: Path, desktop: Desktop) -> None:
    server, home = LoopbackServer(), tmp_path / "agent"
    with server.serve(), running(server, home, desktop.display):
        accept_notice(desktop, server)
    assert server.events == {}
    with running(server, home, desktop.display) as process:
        time.sleep(3.0)
        with window(desktop, "Year 9 chat"):
            time.sleep(0.3)
            desktop.type(f"{WORDS}\n")
            time.sleep(3.0)
        process.kill()
        process.wait(10)
    status = subprocess.run(
        command("status", "--home", str(home)), cwd=ROOT, env=environment(), capture_output=True, text=True
    )
    said = json.loads(status.stdout)
    assert said["spool"]["urgent"] + said["spool"]["ordinary"] == 1
    assert not said["is_running"]
    with server.serve(), running(server, home, desktop.display):
        assert server.wait_until(lambda: len(server.events) == 1, 30)
        assert server.wait_until(lambda: "watching" in states(server))
    assert set(server.arrivals.values()) == {1}
