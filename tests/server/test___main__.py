"""The commands as a person types them: each its own process, restartable after kill -9, plain about what is missing."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.__main__ import COMMANDS, main
from server.kit.database_urls import for_libpq
from tests.kit.postgres import MASTER_KEY

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.timeout(180)


def _environment(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LANTERN_DATA": str(folder)} | more


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data folder with nothing in it, and an environment that names nothing else."""
    for name in list(os.environ):
        if name.startswith("LANTERN_") or name.endswith("_URL") or name == "BLOBS":
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANTERN_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_the_api_s_description_needs_nothing(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == 0
    described = json.loads(capsys.readouterr().out)
    assert {"/api/sign-in", "/api/me", "/api/queue/claim", "/api/health"} <= set(described["paths"])
    assert not bare.exists()


@pytest.mark.parametrize("word", ["migrate", "serve", "worker", "beat", "dispatch"])
def test_without_a_master_key_nothing_starts(
    bare: Path, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word]) == 1
    assert "python -m server master-key" in capsys.readouterr().err
    assert not bare.exists()


def test_the_master_key_is_made_once_and_never_printed(
    bare: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["master-key"]) == 0
    first = capsys.readouterr()
    assert main(["master-key"]) == 0
    assert capsys.readouterr().out == first.out
    path = Path(first.out.strip())
    assert path.parent == bare
    assert path.read_text().strip() not in first.out + first.err


@pytest.mark.usefixtures("bare")
def test_a_worker_that_could_tell_nobody_does_not_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANTERN_MASTER_KEY", "ab" * 32)
    monkeypatch.setenv("DATABASE_URL", "postgresql://o:p@127.0.0.1:1/x")
    assert main(["worker"]) == 1
    assert "SMTP_URL is not set" in capsys.readouterr().err


def test_every_command_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert all(command.name in shown and command.help for command in COMMANDS)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """One command that keeps running."""

    def __init__(self, environment: dict[str, str], log: Path, *words: str) -> None:
        self.log = log
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "server", *words], cwd=ROOT, env=environment, stdout=file, stderr=file
            )

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def started() -> Iterator[list[Running]]:
    found: list[Running] = []
    yield found
    for one in found:
        if one.process.poll() is None:
            one.end(signal.SIGKILL)


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
            return bool(json.load(answer)["database"])
    except OSError:
        return False


def _until_healthy(port: int, running: Running) -> None:
    deadline = time.monotonic() + 60
    while not _healthy(port):
        assert running.process.poll() is None, running.log.read_text()
        assert time.monotonic() < deadline, running.log.read_text()
        time.sleep(0.1)


def test_the_web_process_comes_back_after_kill_9_and_ends_when_asked(
    tmp_path: Path, owner_url: str, port: int, started: list[Running]
) -> None:
    environment = _environment(
        tmp_path, LANTERN_MASTER_KEY=MASTER_KEY.hex(), DATABASE_URL=for_libpq(owner_url)
    )
    log = tmp_path / "serve.log"
    for number, expected in ((signal.SIGKILL, {-9}), (signal.SIGTERM, {0, -15, 143})):
        started.append(Running(environment, log, "serve", "--port", str(port)))
        _until_healthy(port, started[-1])
        assert started[-1].end(number) in expected
    assert "Traceback" not in log.read_text()


def test_the_dispatcher_ends_when_asked(tmp_path: Path, owner_url: str, started: list[Running]) -> None:
    environment = _environment(
        tmp_path, LANTERN_MASTER_KEY=MASTER_KEY.hex(), DATABASE_URL=for_libpq(owner_url)
    )
    started.append(Running(environment, tmp_path / "dispatch.log", "dispatch"))
    deadline = time.monotonic() + 60
    while "ready to dispatch" not in started[0].log.read_text():
        assert time.monotonic() < deadline
        assert started[0].process.poll() is None, started[0].log.read_text()
        time.sleep(0.1)
    assert started[0].end(signal.SIGTERM) == 0
