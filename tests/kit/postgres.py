"""One PostgreSQL for a whole test run, shared by all workers, and one database of its own for each.

The first that needs it starts it and migrates a template; the others clone the template. The process
that began the run stops it; a run that was killed is cleaned up by the next one.
"""

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from server.kit.database_urls import for_database, for_libpq
from server.kit.embedded_postgres import EmbeddedPostgres
from server.kit.roles import let_roles_log_in
from server.migrations.run import migrate

MASTER_KEY = bytes(range(32))
TEMPLATE = "lantern_template"
PREFIX = "lantern-tests-"


def make_folder() -> Path:
    """A new folder for this run; its name carries our process, so that a later run can see it is over."""
    _clear_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    # The server runs as another account when we are root, and must be able to pass through.
    folder.chmod(0o711)
    return folder


def remove_folder(folder: Path) -> None:
    """Stop what runs in it and delete it."""
    if (folder / "postgres.lock").exists():
        EmbeddedPostgres(folder, outlives_us=True, durable=False).remove()
    shutil.rmtree(folder, ignore_errors=True)


def start_shared(folder: Path) -> str:
    """The owner's URL of the run's server with a migrated template in it."""
    with _only_one(folder / "template.lock"):
        url = EmbeddedPostgres(folder, outlives_us=True, durable=False).start()
        ready = folder / "template.ready"
        if not ready.exists():
            _execute(url, f"CREATE DATABASE {TEMPLATE}")
            migrate(for_database(url, TEMPLATE))
            let_roles_log_in(for_database(url, TEMPLATE), MASTER_KEY)
            ready.touch()
    return url


@contextmanager
def cloned(folder: Path, *, template: str = TEMPLATE) -> Iterator[str]:
    """The owner's URL of a fresh database; dropped at the end."""
    url = start_shared(folder)
    name = f"lantern_{secrets.token_hex(6)}"
    with _only_one(folder / "template.lock"):  # A template must have nobody else in it while it is copied.
        _execute(url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    try:
        yield for_database(url, name)
    finally:
        _execute(url, f"DROP DATABASE {name} WITH (FORCE)")


def empty(owner_url: str) -> None:
    """Delete every row of every table."""
    with psycopg.connect(for_libpq(owner_url), autocommit=True) as connection:
        names = connection.execute(
            "SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchone()
        assert names is not None
        connection.execute(f"TRUNCATE {names[0]} CASCADE".encode())


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(for_libpq(url), autocommit=True) as connection:
        connection.execute(statement.encode())


def _clear_abandoned() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        try:
            is_ours = folder.stat().st_uid == os.getuid()
            is_over = pid.isdigit() and not _lives(int(pid))
        except OSError:
            continue
        if is_ours and is_over:
            remove_folder(folder)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
