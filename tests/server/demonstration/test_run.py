"""What a start refuses before it touches anything, what it forgets, and what it tells of the agent.

The whole run, its kills and its end are proved by tests/journeys.
"""

import fcntl
import signal
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from server.demonstration import run as module
from server.demonstration.plant import PLAYERS, Planted
from server.demonstration.ports import PortInUseError
from server.demonstration.run import FolderInUseError, RunOptions, run
from tests.kit.running import free_port_block

PLANTED = Planted(uuid4(), {module.MACHINE_ORG: uuid4()}, {})


@pytest.fixture
def options(tmp_path: Path) -> RunOptions:
    return RunOptions(data=tmp_path / "data", port=free_port_block(), fresh=False, agent=True, history=False)


@pytest.fixture
def held(options: RunOptions) -> Iterator[Path]:
    """A folder that another run has."""
    options.data.mkdir()
    with (options.data / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield options.data


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


@pytest.mark.parametrize("fresh", [False, True])
def test_a_second_run_on_the_same_folder_is_refused(options: RunOptions, held: Path, fresh: bool) -> None:
    """Even one that would start anew: the first one's data stays."""
    (held / "master.key").write_text("00" * 32)
    with pytest.raises(FolderInUseError) as refused:
        run(replace(options, fresh=fresh))
    assert f"Another Lantern is running on {held}" in refused.value.detail
    assert "--data" in refused.value.detail
    assert (held / "master.key").read_text() == "00" * 32


def test_the_folder_is_free_again_when_a_run_is_over(options: RunOptions) -> None:
    with module._only_run(options.data), pytest.raises(FolderInUseError), module._only_run(options.data):
        pass
    with module._only_run(options.data):
        assert (options.data / "run.lock").exists()


@pytest.mark.parametrize(
    ("offset", "purpose"),
    [(0, "the web pages"), (1, "the mailbox page"), (2, "the demonstration's mail server")],
)
def test_every_port_is_looked_at_before_anything_is_made(
    options: RunOptions, offset: int, purpose: str
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", options.port + offset))
        other.listen()
        with pytest.raises(PortInUseError, match=f"Port {options.port + offset}, wanted for {purpose},"):
            run(options)
    assert not options.data.exists()


def test_fresh_refuses_a_folder_that_is_not_ours(options: RunOptions) -> None:
    (options.data / "photos").mkdir(parents=True)
    (options.data / "photos" / "a.jpg").write_bytes(b"a")
    (options.data / "letter.txt").write_bytes(b"b")
    with pytest.raises(FolderInUseError, match="holds something else than Lantern's data"):
        run(replace(options, fresh=True))
    assert files_in(options.data) == {"photos/a.jpg": b"a", "letter.txt": b"b", "run.lock": b""}


def test_fresh_forgets_what_is_ours_and_follows_no_link(options: RunOptions, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.txt").write_text("kept")
    (options.data / "mail").mkdir(parents=True)
    (options.data / "mail" / "1.eml").write_text("x")
    for name in ("master.key", "passphrase", "guide.json", "story-typed", "run.lock"):
        (options.data / name).write_text("x")
    (options.data / "link").symlink_to(elsewhere)
    module._forget(options.data)
    assert [one.name for one in options.data.iterdir()] == ["run.lock"]
    assert (elsewhere / "kept.txt").read_text() == "kept"


def test_fresh_on_an_empty_folder_forgets_nothing(
    options: RunOptions, capsys: pytest.CaptureFixture[str]
) -> None:
    with module._only_run(options.data):
        module._forget(options.data)
    assert capsys.readouterr().out == ""


def test_the_passphrase_is_random_kept_and_the_owners_alone(tmp_path: Path) -> None:
    first = module._passphrase(tmp_path / "one")
    assert module._passphrase(tmp_path / "one") == first != module._passphrase(tmp_path / "two")
    assert len(first) >= 14
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o600


def test_the_progress_is_said_four_times(capsys: pytest.CaptureFixture[str]) -> None:
    for done in range(1, 133):
        module._say_quarters(done, 132)
    said = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert said == ["33 of 132", "66 of 132", "99 of 132", "132 of 132"]


def test_without_an_agent_the_page_says_so(options: RunOptions) -> None:
    made = module._Run(replace(options, agent=False))
    assert made._start_agent({}, PLANTED) == "No agent was started (--no-agent)."


def test_where_no_display_can_be_had_the_rest_still_runs(
    options: RunOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    note = module._Run(options)._start_agent({"DATABASE_URL": "x"}, PLANTED)
    assert note.startswith("No agent was started. This machine has no display")
    assert "apt-get install" in note


def test_the_agent_and_its_display_are_told_nothing_of_the_servers_own(
    options: RunOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the database's address nor the folder of the master key."""
    made = module._Run(options)
    environment = {**made._environment("postgresql://secret"), "DISPLAY": ":7"}
    given: dict[str, tuple[list[str], dict[str, str]]] = {}

    def add(name: str, command: list[str], *, environment: dict[str, str], log_folder: Path) -> None:
        given[name] = (command, environment)

    monkeypatch.setenv("PATH", str(tmp_path))  # nobody there to ask: the person's display is believed
    monkeypatch.setattr(made._supervisor, "add", add)
    (options.data / "agent").mkdir(parents=True)
    (options.data / "agent" / "enrolment.json").write_text("{}")
    note = made._start_agent(environment, PLANTED)
    command, told = given["agent"]
    assert not {"DATABASE_URL", "LANTERN_DATA", "SMTP_URL", "MAIL_FROM"} & told.keys()
    assert "secret" not in " ".join(told.values())
    assert told["DISPLAY"] == ":7"
    assert "--enrol" not in command, "it is enrolled already"
    assert "typist" not in given, "nobody types on a person's own display"
    assert "accepted its notice" in note


@pytest.mark.parametrize(
    ("note", "step"),
    [
        ("a window is typed into, a short scripted story.", "the story appears"),
        ("No agent.", module.TYPE_THIS),
    ],
)
def test_the_page_tells_everybody_and_what_comes_next(options: RunOptions, note: str, step: str) -> None:
    guide = module._Run(options)._guide("3f2a-91bc-07de", note)
    assert [one.email for one in guide.sign_ins] == [one.email for one in PLAYERS]
    assert guide.address == f"http://127.0.0.1:{options.port}"
    assert guide.mailbox == f"http://127.0.0.1:{options.port + 1}"
    assert step in guide.next_step


def test_a_signal_before_everything_stands_ends_the_start_and_later_the_watch(options: RunOptions) -> None:
    made = module._Run(options)
    with pytest.raises(module._StoppedEarlyError):
        made._on_signal(signal.SIGINT, None)
    made._supervisor.is_watching = True
    made._on_signal(signal.SIGTERM, None)
    looked: list[int] = []
    made._supervisor.watch(lambda: looked.append(1))
    assert looked == [], "the watch ends before it looks again"


def test_a_server_that_does_not_answer_is_not_waited_for_for_ever(
    options: RunOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "READY_TIMEOUT_S", 0.2)
    with pytest.raises(module.KnownError) as refused:
        module._Run(options)._wait_for(lambda: False, "the web process")
    assert "the web process did not answer" in refused.value.detail
    assert str(options.data / "logs") in refused.value.detail
    assert not module._answers(f"http://127.0.0.1:{options.port}/")
