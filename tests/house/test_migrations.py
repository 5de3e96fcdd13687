"""Migrations are one numbered line, and every table in them is fenced and says how long it keeps its rows."""

import ast
import re

from tests.house.sources import ROOT, Source

VERSIONS = ROOT / "server" / "migrations" / "versions"
CREATE_TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", re.IGNORECASE)


def migrations() -> list[Source]:
    """Every migration, in the order of its file name."""
    return [
        Source(path.name, path.read_text(encoding="utf-8")) for path in sorted(VERSIONS.glob("[0-9]*.py"))
    ]


def constant(source: Source, name: str) -> object:
    """The value that a migration gives ``name`` at its top."""
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == name for t in node.targets
        ):
            return ast.literal_eval(node.value)
    raise AssertionError(f"{source.path} does not say {name}")


def tables() -> set[str]:
    """Every table that migrations make."""
    return {name for migration in migrations() for name in CREATE_TABLE.findall(migration.text)}


def test_they_are_numbered_without_a_gap_or_a_fork() -> None:
    """0001, 0002, …: each continues the one before, and the file is named after its revision."""
    before = None
    for number, migration in enumerate(migrations(), 1):
        revision = f"{number:04d}"
        assert migration.path.startswith(f"{revision}_")
        assert constant(migration, "revision") == revision, migration.path
        assert constant(migration, "down_revision") == before, migration.path
        before = revision
    assert before is not None


def test_none_waits_for_a_lock_longer_than_people_would() -> None:
    """A migration that queues behind a long query stops everybody behind it."""
    for migration in migrations():
        assert re.search(r"SET lock_timeout = '[1-5]s'", migration.text), migration.path


def test_every_table_is_fenced() -> None:
    """No table exists without row-level security; a table somebody forgot would be open to every reader."""
    text = "\n".join(migration.text for migration in migrations())
    looped = set(str(constant_words(text)).split())
    for table in tables():
        named = re.search(rf"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", text)
        assert table in looped or named, f"{table} has no row-level security"


def constant_words(text: str) -> str:
    """The tables that the first migration fences in one loop."""
    found = re.search(r"SYSTEM_TABLES = \((.*?)\)\.split\(\)", text, re.DOTALL)
    assert found, "the first migration lists its tables no more"
    return " ".join(re.findall(r'"([^"]*)"', found.group(1)))
