"""A PostgreSQL of our own under the data folder, from the binaries that a wheel carries.

In: a folder. Out: the owner's URL. The wheel's Python package is never imported: it opens every parent
folder, trusts every local connection and locks all people of a machine on one file. We speak only over
a socket that nobody else may open (Windows: loopback), with a random password in a file of mode 0600.
"""

import logging
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import psycopg
from sqlalchemy import URL

from server.kit.postgres_binaries import (
    Binaries,
    PostgresUnavailableError,
    Runner,
    choose_runner,
    find_binaries,
)

if sys.platform != "win32":
    import fcntl

OWNER = "lantern_owner"
DATABASE = "lantern"
PORT = 5432  # On a socket this is only part of the file's name.
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0
# A UNIX socket's path has 107 usable bytes on Linux, 103 on macOS.
SOCKET_PATH_LIMIT = 103
PLAIN_PATH = re.compile(r"[\w./-]+")
LOG_LIMIT_BYTES = 10_000_000

_log = logging.getLogger(__name__)


class EmbeddedPostgres:
    """One cluster in ``data_dir``. Start it as often as needed: a live one is adopted, a dead one revived.

    ``outlives_us`` leaves it running when this process dies (for tests that share one); otherwise Linux
    stops it with the thread that started it. ``durable=False`` trades safety for speed: for tests only.
    """

    def __init__(self, data_dir: Path, *, outlives_us: bool = False, durable: bool = True) -> None:
        self._data_dir = data_dir.resolve()
        self._outlives_us = outlives_us
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._runner: Runner | None = None
        self._place: Path | None = None

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> str:
        """Make the cluster if there is none, start or adopt the server, and return the owner's URL.

        Raises PostgresUnavailableError with the last lines of the server's log if it does not come up.
        """
        self._data_dir.mkdir(parents=True, exist_ok=True)
        with _only_one(self._data_dir / "postgres.lock"):
            self._runner = choose_runner()
            self._place = self._find_place(self._runner)
            binaries = find_binaries(self._runner)
            self._make_cluster(binaries)
            if not self._adopt():
                self._launch(binaries)
            self._make_database()
        return self.url(DATABASE)

    def stop(self) -> None:
        """Ask for a fast shutdown and wait for it. Nothing happens if it does not run."""
        pid = self._live_pid()
        if pid is not None:
            os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_TIMEOUT_S
        while self._live_pid() is not None or self._process is not None:
            if time.monotonic() > deadline:
                raise PostgresUnavailableError(f"PostgreSQL (process {pid}) did not stop.")
            time.sleep(0.02)

    def remove(self) -> None:
        """Stop it and delete the cluster for good."""
        self._place = self._place or self._find_place(choose_runner())
        self.stop()
        note = self._place / "socket.place"
        if note.exists():
            shutil.rmtree(note.read_text(encoding="utf-8"), ignore_errors=True)
        shutil.rmtree(self._place, ignore_errors=True)
        (self._data_dir / "postgres.place").unlink(missing_ok=True)

    def url(self, database: str) -> str:
        """The owner's URL of one database of this server."""
        place = self._known_place()
        address = {"host": str(self._socket_dir()), "port": str(PORT)}
        return URL.create(
            "postgresql+psycopg",
            username=OWNER,
            password=(place / "password").read_text(encoding="ascii"),
            host="127.0.0.1" if sys.platform == "win32" else None,
            port=PORT if sys.platform == "win32" else None,
            database=database,
            query={} if sys.platform == "win32" else address,
        ).render_as_string(hide_password=False)

    @property
    def is_ours(self) -> bool:
        """Whether this object started the server, rather than finding it running."""
        return self._process is not None

    @property
    def postmaster_pid(self) -> int | None:
        """The server's process while it lives."""
        return self._live_pid()

    def _find_place(self, runner: Runner) -> Path:
        """Where the cluster lies: in the data folder, unless the server's account cannot get there."""
        pointer = self._data_dir / "postgres.place"
        if pointer.exists():
            return Path(pointer.read_text(encoding="utf-8"))
        if runner.may_enter(self._data_dir):
            place = self._data_dir / "postgres"
        else:
            place = runner.shared_folder() / f"cluster-{secrets.token_hex(4)}"
            pointer.write_text(str(place), encoding="utf-8")
        return place

    def _make_cluster(self, binaries: Binaries) -> None:
        place, runner = self._known_place(), self._known_runner()
        if (place / "cluster" / "PG_VERSION").exists():
            return
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        password = place / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_hex(24), encoding="ascii")
        runner.own(place)
        runner.own(password)
        # Made beside and then renamed: a start that is cut off leaves no half cluster behind.
        unfinished = place / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        command = [binaries.initdb, "-D", str(unfinished), "-U", OWNER, f"--pwfile={password}"]
        command += ["--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "--locale=C"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self._durable:
            command.append("--no-sync")
        done = runner.run(command, cwd=place)
        if done.returncode != 0:
            raise PostgresUnavailableError(f"initdb failed: {done.stderr.decode(errors='replace').strip()}")
        unfinished.rename(place / "cluster")

    def _adopt(self) -> bool:
        """Take over a server that still lives from before, or wait until a dying one is gone."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while (pid := self._live_pid()) is not None:
            if self._answers():
                _log.info("adopted the running PostgreSQL, process %d", pid)
                return True
            if time.monotonic() > deadline:
                raise PostgresUnavailableError(f"PostgreSQL (process {pid}) runs and does not answer.")
            time.sleep(0.05)
        return False

    def _launch(self, binaries: Binaries) -> None:
        place, runner = self._known_place(), self._known_runner()
        log_path = place / "postgres.log"
        if log_path.exists() and log_path.stat().st_size > LOG_LIMIT_BYTES:
            log_path.unlink()
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            with log_path.open("ab") as log:
                self._process = runner.start(
                    [binaries.postgres, "-D", str(place / "cluster"), *self._options()],
                    cwd=place,
                    log=log,
                    dies_with_us=not self._outlives_us,
                )
            while self._process.poll() is None:
                if self._answers():
                    self._let_go()
                    return
                if time.monotonic() > deadline:
                    self._process.kill()
                    raise PostgresUnavailableError(f"PostgreSQL does not answer.\n{_tail(log_path)}")
                time.sleep(0.02)
            # After a kill -9 the old server's children hold its shared memory for a moment.
            if "shared memory block" not in _tail(log_path) or time.monotonic() > deadline:
                raise PostgresUnavailableError(f"PostgreSQL did not start.\n{_tail(log_path)}")
            time.sleep(0.2)

    def _let_go(self) -> None:
        """From here on it is nobody's child: no handle that would complain that it still runs."""
        if self._outlives_us and self._process is not None:
            self._process.returncode = 0
            self._process = None

    def _options(self) -> list[str]:
        settings = {
            "unix_socket_directories": "" if sys.platform == "win32" else str(self._socket_dir()),
            "unix_socket_permissions": "0700",
            "listen_addresses": "127.0.0.1" if sys.platform == "win32" else "",
            "port": str(PORT),
            "max_connections": "200",
            "shared_buffers": "128MB",
            # The detail of an error quotes the row it is about; rows hold what students typed.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            "password_encryption": "scram-sha-256",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_wal_size": "1GB",
        }
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _socket_dir(self) -> Path:
        """A folder only the server's account may enter, with a path short enough for a socket."""
        place, runner = self._known_place(), self._known_runner()
        beside = place / "socket"
        is_short = len(os.fsencode(beside / f".s.PGSQL.{PORT}.lock")) <= SOCKET_PATH_LIMIT
        # Some drivers write the folder into a string of options without quoting it.
        if is_short and PLAIN_PATH.fullmatch(str(beside)):
            folder = beside
        else:
            note = place / "socket.place"
            if not note.exists():
                note.write_text(tempfile.mkdtemp(prefix="lantern-"), encoding="utf-8")
            folder = Path(note.read_text(encoding="utf-8"))
        if not folder.exists():
            folder.mkdir(mode=0o700)
        runner.own(folder)
        return folder

    def _answers(self) -> bool:
        try:
            with self._connect():
                return True
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise PostgresUnavailableError(
                    f"The password in {self._known_place() / 'password'} is not this cluster's."
                ) from error
            return False

    def _make_database(self) -> None:
        with self._connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
            if found is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        url = self.url("postgres").replace("+psycopg", "", 1)
        return psycopg.connect(url, autocommit=True, connect_timeout=5)

    def _live_pid(self) -> int | None:
        """The postmaster's process if it lives; a pid that belongs to another program does not count."""
        if self._process is not None and self._process.poll() is not None:
            self._process = None
        if self._place is None:
            return None
        try:
            lines = (self._place / "cluster" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            pid = int(lines[0])
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return None
        return pid if _is_postgres(pid) else None

    def _known_place(self) -> Path:
        if self._place is None:
            raise PostgresUnavailableError("This PostgreSQL has not been started.")
        return self._place

    def _known_runner(self) -> Runner:
        if self._runner is None:
            raise PostgresUnavailableError("This PostgreSQL has not been started.")
        return self._runner


def _is_postgres(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    if not status.exists():
        return True  # No /proc here: the pid file is all there is to go by.
    name, _, rest = status.read_text(encoding="utf-8").partition("(")[2].rpartition(")")
    return name.startswith("postgres") and rest.split()[0] != "Z"


def _tail(path: Path, lines: int = 12) -> str:
    if not path.exists():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Hold back every other process that would start the same cluster."""
    with path.open("w", encoding="ascii") as held:
        if sys.platform != "win32":
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
