"""Migrating is repeatable, can be done by several at once, and needs no file at the root."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from server.kit.database_urls import for_database, for_libpq
from server.migrations.run import migrate, newest_version

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def empty_url(owner_url: str) -> str:
    """A database with nothing in it."""
    name = "lantern_bare"
    with psycopg.connect(for_libpq(owner_url), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())
    return for_database(owner_url, name)


def _version(url: str) -> str:
    with psycopg.connect(for_libpq(url)) as connection:
        (found,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
        return str(found)


def test_several_at_once_migrate_once(empty_url: str) -> None:
    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(migrate, [empty_url] * 3))
    assert _version(empty_url) == newest_version()


def test_versions_are_numbered_without_gap() -> None:
    numbers = sorted(path.name[:4] for path in (ROOT / "server/migrations/versions").glob("[0-9]*.py"))
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    assert numbers[-1] == newest_version()


def test_there_is_no_second_configuration() -> None:
    assert not (ROOT / "alembic.ini").exists()
