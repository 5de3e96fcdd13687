"""The binaries are found without importing their package, and copied whole where they cannot be reached."""

import sys
from pathlib import Path

import pytest

from server.kit import postgres_binaries
from server.kit.postgres_binaries import (
    Account,
    PostgresUnavailableError,
    Runner,
    choose_runner,
    find_binaries,
)

OURSELVES = Runner(account=None)


def test_they_run_and_their_package_was_never_imported() -> None:
    found = find_binaries(OURSELVES)
    done = OURSELVES.run([found.postgres, "--version"], cwd=Path("/"))
    assert done.stdout.startswith(b"postgres (PostgreSQL) 18")
    assert postgres_binaries.PACKAGE not in sys.modules


def test_without_the_wheel_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_binaries, "PACKAGE", "no_such_package_anywhere")
    with pytest.raises(PostgresUnavailableError, match="DATABASE_URL"):
        find_binaries(OURSELVES)


def test_what_the_account_cannot_reach_is_copied_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_binaries, "SHARED_FOLDER", tmp_path / "shared")
    package = Path(find_binaries(OURSELVES).postgres).parents[2]
    copied = postgres_binaries._copy_once(OURSELVES, package)
    program = copied / postgres_binaries.INSTALL / "bin" / "postgres"
    assert OURSELVES.run([str(program), "--version"], cwd=Path("/")).returncode == 0
    assert program.stat().st_mode & 0o777 == 0o755
    stamp = program.stat().st_ctime_ns
    assert postgres_binaries._copy_once(OURSELVES, package) == copied
    assert program.stat().st_ctime_ns == stamp


def test_root_hands_it_to_nobody_and_others_stay_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_binaries.os, "geteuid", lambda: 1000)
    assert choose_runner() == OURSELVES
    monkeypatch.setattr(postgres_binaries.os, "geteuid", lambda: 0)
    account = choose_runner().account
    assert account is not None
    assert account.uid != 0
    assert account == Account(account.uid, account.gid)


def test_nothing_of_our_environment_leaks_into_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "secret")
    monkeypatch.setenv("LANTERN_MASTER_KEY", "secret")
    assert b"secret" not in OURSELVES.run(["/usr/bin/env"], cwd=Path("/")).stdout
