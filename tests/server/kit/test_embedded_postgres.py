"""The embedded PostgreSQL starts for anybody, lets nobody else in, and loses nothing that was committed."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from server.kit.database_urls import for_libpq
from server.kit.embedded_postgres import EmbeddedPostgres
from server.kit.postgres_binaries import (
    PostgresUnavailableError,
    Runner,
    choose_runner,
    find_binaries,
)

pytestmark = [pytest.mark.database, pytest.mark.timeout(120)]
ROOT = Path(__file__).resolve().parents[3]
IS_ROOT = os.geteuid() == 0
NOBODY = 65_534


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that the account of the server can reach, also when we are root."""
    with tempfile.TemporaryDirectory(prefix="lantern-pg-") as name:
        path = Path(name)
        path.chmod(0o711)
        yield path / "data"
        if (path / "data").exists():
            EmbeddedPostgres(path / "data").remove()


@pytest.fixture(scope="module")
def shared() -> Iterator[Path]:
    """One for the tests that leave it stopped and whole: making a cluster takes longest."""
    with tempfile.TemporaryDirectory(prefix="lantern-pg-") as name:
        path = Path(name)
        path.chmod(0o711)
        yield path / "data"
        _quick(path / "data").remove()


def _quick(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, durable=False)


def _execute(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(for_libpq(url), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def _processes_of(pid: int) -> list[int]:
    """The postmaster and all its children."""
    found = [pid]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == pid:
                found.append(int(entry.name))
    return found


def test_it_starts_stops_and_starts_again_with_its_rows(shared: Path) -> None:
    with _quick(shared) as url:
        _execute(url, "CREATE TABLE t AS SELECT 7 AS n")
        assert _execute(url, "SHOW data_checksums") == [("on",)]
        assert _execute(url, "SHOW listen_addresses") == [("",)]
    with pytest.raises(psycopg.OperationalError):
        _execute(url, "SELECT 1")
    with _quick(shared) as url:
        assert _execute(url, "SELECT n FROM t") == [(7,)]


def test_only_our_account_and_only_the_password_get_in(shared: Path) -> None:
    with _quick(shared) as url:
        wrong = for_libpq(url).replace(for_libpq(url).split(":")[2].split("@")[0], "0" * 48)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        place = shared / "postgres"
        assert (place / "password").stat().st_mode & 0o777 == 0o600
        for name in ("", "cluster", "socket"):
            assert (place / name).stat().st_mode & 0o777 == 0o700
        assert (place / "password").stat().st_uid == (NOBODY if IS_ROOT else os.geteuid())


def test_the_rights_of_parent_shareds_stay_as_they_are(shared: Path) -> None:
    before = {parent: parent.stat().st_mode for parent in shared.parents}
    with _quick(shared):
        pass
    assert {parent: parent.stat().st_mode for parent in shared.parents} == before


def test_a_second_start_adopts_what_runs(shared: Path) -> None:
    first, second = _quick(shared), _quick(shared)
    first.start()
    assert second.start() == first.url("lantern")
    assert second.postmaster_pid == first.postmaster_pid
    assert first.is_ours
    assert not second.is_ours
    second.stop()
    first.stop()
    assert first.postmaster_pid is None


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_kill_9_of_every_process_keeps_every_committed_row(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    url = server.start()
    _execute(url, "CREATE TABLE t (n int PRIMARY KEY)")
    acknowledged: list[int] = []
    for round_number in range(2):
        with psycopg.connect(for_libpq(url), autocommit=True) as connection:
            for n in range(round_number * 1000, round_number * 1000 + 200):
                connection.execute("INSERT INTO t VALUES (%s)", (n,))
                acknowledged.append(n)
            pid = server.postmaster_pid
            assert pid is not None
            for process in _processes_of(pid):
                os.kill(process, signal.SIGKILL)
        assert server.start() == url
    rows = {row[0] for row in _execute(url, "SELECT n FROM t")}
    assert rows.issuperset(acknowledged)
    server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="needs PR_SET_PDEATHSIG")
def test_kill_9_of_whoever_started_it_leaves_no_orphan_in_the_way(folder: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from server.kit.embedded_postgres import EmbeddedPostgres\n"
        "url = EmbeddedPostgres(Path(sys.argv[1])).start(); print(url, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        url = starter.stdout.readline().strip()
        _execute(url, "CREATE TABLE t AS SELECT 7 AS n")
        starter.kill()
    with EmbeddedPostgres(folder) as again:
        assert _execute(again, "SELECT n FROM t") == [(7,)]


@pytest.mark.skipif(not IS_ROOT, reason="only root can become somebody else")
def test_it_starts_as_an_ordinary_account_too(shared: Path, folder: Path) -> None:
    with _quick(shared):  # Loads whatever the child could no longer read.
        pass
    if not choose_runner().may_enter(Path(find_binaries(Runner(account=None)).postgres).parent):
        pytest.skip("these binaries lie where an ordinary account cannot start them")
    folder.mkdir()
    os.chown(folder, NOBODY, NOBODY)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            with _quick(folder) as url:
                status = 0 if _execute(url, "SELECT 1") == [(1,)] else 2
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    place = folder / "postgres"
    assert (place / "cluster").stat().st_uid == NOBODY
    assert (place / "password").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not IS_ROOT, reason="another account is only used by root")
def test_root_with_a_private_data_folder_puts_the_cluster_where_the_account_can_go(folder: Path) -> None:
    folder.parent.chmod(0o700)
    server = _quick(folder)
    _execute(server.start(), "SELECT 1")
    place = Path((folder / "postgres.place").read_text())
    assert place.exists()
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    server.remove()
    assert not place.exists()


@pytest.mark.parametrize("name", ["a folder with spaces", "deep-" * 30])
def test_a_path_that_no_socket_can_have_is_no_obstacle(folder: Path, name: str) -> None:
    server = _quick(folder / name)
    assert _execute(server.start(), "SELECT 1") == [(1,)]
    server.remove()


def test_a_start_that_was_cut_off_leaves_no_half_cluster(folder: Path) -> None:
    unfinished = folder / "postgres" / "cluster.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18")
    with _quick(folder) as url:
        assert _execute(url, "SELECT 1") == [(1,)]


def test_a_stale_pid_that_is_somebody_else_s_does_not_block(shared: Path) -> None:
    with _quick(shared):
        pid_file = shared / "postgres" / "cluster" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    started = time.monotonic()
    with _quick(shared) as url:
        assert _execute(url, "SELECT 1") == [(1,)]
    assert time.monotonic() - started < 30


def test_what_is_wrong_is_said(folder: Path) -> None:
    with _quick(folder):
        pass
    (folder / "postgres" / "cluster" / "global" / "pg_control").unlink()
    with pytest.raises(PostgresUnavailableError, match="did not start"):
        _quick(folder).start()


def test_the_log_never_quotes_a_row(shared: Path) -> None:
    with _quick(shared) as url:
        _execute(url, "CREATE TABLE typed (secret text UNIQUE)")
        _execute(url, "INSERT INTO typed VALUES ('what was typed')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            _execute(url, "INSERT INTO typed VALUES ('what was typed')")
        log = (shared / "postgres" / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "what was typed" not in log
