"""``python -m server run``: the whole product on one machine, with the invented trust, until Ctrl-C.

It owns the embedded PostgreSQL and supervises one process for each job. In: a folder and a port.
Out: a running installation and one printed page.
"""

import fcntl
import getpass
import logging
import secrets
import shutil
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from uuid import UUID

from server.demonstration import guide as guide_page
from server.demonstration.guide import Guide, SignIn
from server.demonstration.history import plant_history
from server.demonstration.plant import PLAYERS, Planted, plant
from server.demonstration.planted import recall, remember
from server.demonstration.ports import require_free
from server.demonstration.screen import NoDisplayError, Screen, find_screen, start_own_screen
from server.demonstration.supervisor import Supervisor
from server.enrolment.issue_enrolment_token import issue_enrolment_token
from server.kit.clock import SystemClock
from server.kit.database_urls import for_libpq
from server.kit.embedded_postgres import EmbeddedPostgres
from server.kit.errors import KnownError
from server.kit.installation import addresses_on, open_database, prepare
from server.kit.sealing import Keyring
from server.settings import make_master_key, read_settings, surroundings

READY_TIMEOUT_S = 90.0
MACHINE_ORG = "org-secondary"
TYPE_THIS = "i dont feel safe at home, my stepdad hits me when hes drunk"


class FolderInUseError(KnownError):
    """Another run has this data folder, or the folder is not ours to delete."""

    code = "folder_in_use"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line said."""

    data: Path
    port: int
    fresh: bool
    agent: bool
    history: bool


def say(line: str) -> None:
    """One line for the person at the terminal."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(options: RunOptions) -> int:
    """Start everything, print the page, and keep it alive until SIGINT or SIGTERM. Returns the exit status.

    Raises PortInUseError, FolderInUseError and what the rooms refuse with; nothing is left running then.
    """
    for offset, purpose in enumerate(
        ("the web pages", "the mailbox page", "the demonstration's mail server")
    ):
        require_free(options.port + offset, purpose)
    with _only_run(options.data):
        if options.fresh:
            _forget(options.data)
        return _Run(options).until_stopped()


class _Run:
    """One run's parts, in the order they start."""

    def __init__(self, options: RunOptions) -> None:
        self._options = options
        self._data = options.data
        self._logs = options.data / "logs"
        self._supervisor = Supervisor(say)
        self._postgres = EmbeddedPostgres(options.data)
        self._address = f"http://127.0.0.1:{options.port}"

    def until_stopped(self) -> int:
        began = time.monotonic()
        # The terminal is for the person; what the processes say goes to their logs.
        logging.getLogger().setLevel(logging.WARNING)
        previous = {
            number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            make_master_key(self._data)
            say("Starting PostgreSQL ...")
            environment = self._environment(self._postgres.start())
            planted, passphrase = self._prepare(environment)
            self._start_server(environment)
            screen_note = self._start_agent(environment, planted)
            guide = self._guide(passphrase, screen_note)
            guide_page.write(guide, self._data / "guide.json")
            say(guide_page.render(guide))
            say(f"Ready after {time.monotonic() - began:.1f} s.")
            self._supervisor.watch(also=self._revive_postgres)
            say("Stopping ...")
        except _StoppedEarlyError:
            say("Stopped before everything had started.")
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
            self._supervisor.stop_all()
            self._postgres.stop()
        return 0

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._supervisor.is_watching:
            self._supervisor.ask_to_stop()
        else:
            raise _StoppedEarlyError

    def _environment(self, database_url: str) -> dict[str, str]:
        """The children's surroundings: this process's own, pointed at this installation."""
        return {
            **surroundings(),
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": database_url,
            "LANTERN_DATA": str(self._data),
            "SMTP_URL": f"smtp://127.0.0.1:{self._options.port + 2}",
            "MAIL_FROM": "lantern@demo.example",
            "PUBLIC_URL": self._address,
            "PORT": str(self._options.port),
        }

    def _prepare(self, environment: Mapping[str, str]) -> tuple[Planted, str]:
        """Migrate, and plant the invented trust if this folder has none yet."""
        settings = read_settings(environment)
        addresses = addresses_on(environment["DATABASE_URL"], settings.master_key)
        prepare(addresses, settings.master_key)
        passphrase = _passphrase(self._data / "passphrase")
        clock = SystemClock()
        with open_database(addresses.system, pool_size=2, application_name="lantern-run") as database:
            planted = recall(database)
            if planted is None:
                say("Inventing a trust: three academies, their staff, 300 students ...")
                account = getpass.getuser().lower()
                folder = self._data / "mis"
                planted = plant(
                    database, clock, folder=folder, machine_account=account, passphrase=passphrase
                )
                if self._options.history:
                    say("Inventing three weeks of history ...")
                    system_url = for_libpq(addresses.system)
                    keyring = Keyring(settings.master_key)
                    plant_history(
                        database,
                        clock,
                        system_url=system_url,
                        keyring=keyring,
                        planted=planted,
                        progress=_say_quarters,
                    )
                remember(database, planted)
        return planted, passphrase

    def _start_server(self, environment: Mapping[str, str]) -> None:
        """Mail first, so that nobody is told into nothing; then web, tasks, schedule and dispatcher."""
        port = self._options.port
        mail = [
            "--folder",
            str(self._data / "mail"),
            "--smtp-port",
            str(port + 2),
            "--page-port",
            str(port + 1),
        ]
        self._add("mailbox", ["mailbox", *mail], environment)
        self._add("web", ["serve", "--port", str(port)], environment)
        self._add("worker", ["worker"], environment)
        self._add("beat", ["beat"], environment)
        self._add("dispatch", ["dispatch"], environment)
        say("Waiting for the server ...")
        self._wait_for(lambda: _answers(f"{self._address}/api/health"), "the web process")
        self._wait_for(lambda: _answers(f"http://127.0.0.1:{port + 1}/"), "the mailbox")

    def _add(self, name: str, words: list[str], environment: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", "server", *words]
        self._supervisor.add(name, command, environment=environment, log_folder=self._logs)

    def _wait_for(self, is_ready: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not is_ready():
            if time.monotonic() > deadline:
                raise KnownError(f"{what} did not answer within {READY_TIMEOUT_S:.0f} s; see {self._logs}")
            self._supervisor.check()
            time.sleep(0.1)

    def _start_agent(self, environment: Mapping[str, str], planted: Planted) -> str:
        """Enrol and start this machine's agent; returns the sentence about what it watches."""
        if not self._options.agent:
            return "No agent was started (--no-agent)."
        # The agent is told nothing of the server's own surroundings.
        private = ("DATABASE_URL", "LANTERN_DATA", "SMTP_URL", "MAIL_FROM")
        own = {key: value for key, value in environment.items() if key not in private}
        screen = find_screen(own.get("DISPLAY"))
        try:
            screen = screen or start_own_screen(self._supervisor, environment=own, log_folder=self._logs)
        except NoDisplayError as error:
            return f"No agent was started. {error}"
        own["DISPLAY"] = screen.display
        home = self._data / "agent"
        words = ["run", "--home", str(home), "--server", self._address]
        if not (home / "enrolment.json").exists():
            words += ["--enrol", self._enrolment_token(environment, planted.academies[MACHINE_ORG])]
        command = [sys.executable, "-m", "agent", *words]
        self._supervisor.add("agent", command, environment=own, log_folder=self._logs)
        if not screen.is_own:
            return "The agent watches this display once you have read and accepted its notice."
        return self._type_story(own, screen)

    def _type_story(self, environment: Mapping[str, str], screen: Screen) -> str:
        marker = self._data / "story-typed"
        if marker.exists():
            return f"This machine has no display: the agent watches {screen.display}, a display of its own."
        command = [sys.executable, "-m", "server.demonstration.typist", "--display", screen.display]
        command += ["--done-marker", str(marker)]
        self._supervisor.add("typist", command, environment=environment, log_folder=self._logs)
        return (
            f"This machine has no display: a window on {screen.display} is being typed into with real key events,"
            " a short scripted story."
        )

    def _enrolment_token(self, environment: Mapping[str, str], academy_id: UUID) -> str:
        settings = read_settings(environment)
        addresses = addresses_on(environment["DATABASE_URL"], settings.master_key)
        with (
            open_database(addresses.system, pool_size=1, application_name="lantern-run") as database,
            database.write() as session,
        ):
            return issue_enrolment_token(session, SystemClock(), academy_id=academy_id)

    def _guide(self, passphrase: str, screen_note: str) -> Guide:
        next_step = (
            "sign in as the moderator; the story appears in the queue within a minute."
            if "scripted" in screen_note
            else f'type into any window: "{TYPE_THIS}", press Return, and watch the moderator\'s queue.'
        )
        return Guide(
            address=self._address,
            mailbox=f"http://127.0.0.1:{self._options.port + 1}",
            sign_ins=tuple(SignIn(str(one.role), one.email, passphrase, one.sees) for one in PLAYERS),
            screen_note=screen_note,
            next_step=next_step,
            data_folder=str(self._data),
            logs_folder=str(self._logs),
        )

    def _revive_postgres(self) -> None:
        if self._postgres.postmaster_pid is None:
            say("PostgreSQL stopped; starting it again. What was committed is kept.")
            self._postgres.start()


class _StoppedEarlyError(Exception):
    """Ctrl-C before everything had started."""


def _say_quarters(done: int, total: int) -> None:
    if done * 4 // total > (done - 1) * 4 // total:
        say(f"  {done} of {total}")


def _passphrase(path: Path) -> str:
    """One random passphrase for every invented member of staff, kept for the next start."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text("-".join(secrets.token_hex(2) for _ in range(3)), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def _only_run(data: Path) -> Iterator[None]:
    """Hold the folder; FolderInUseError if another run has it."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "run.lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderInUseError(
                f"Another Lantern is running on {data}. Stop it, or name another folder with --data."
            ) from error
        yield


def _forget(data: Path) -> None:
    """Delete what an earlier run left in the folder, and only in a folder that an earlier run made."""
    contents = [entry for entry in data.iterdir() if entry.name != "run.lock"]
    if not contents:
        return
    if not (data / "master.key").exists():
        raise FolderInUseError(
            f"{data} holds something else than Lantern's data; --fresh does not delete it."
        )
    say(f"Forgetting everything in {data} ...")
    EmbeddedPostgres(data).remove()
    for entry in contents:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
