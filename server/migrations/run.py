"""Brings a database to the newest version, one process at a time. There is no alembic.ini: this is it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

# Any number does, as long as every process that migrates takes the same.
ADVISORY_LOCK = 7_301_001


def migrate(owner_url: str) -> None:
    """Run every version the database has not seen. Safe to call from several processes at once."""
    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
            command.upgrade(_config(connection), "head")
    finally:
        engine.dispose()


def newest_version() -> str:
    """The number of the last migration in the source."""
    head = ScriptDirectory.from_config(_config(None)).get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    # Without this, Alembic splits on spaces and colons as it did before 1.16.
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
