"""Is the installation alive: the database, the way out of the outbox, the processes that beat their heart."""

import logging
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from server.kit.db import Database, WriteSession

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """``outbox_lag_s``: age of the oldest announced Message nobody took. ``worker_seen_s``: since its last beat."""

    status: str
    database: bool
    outbox_lag_s: float
    worker_seen_s: float | None


def beat(session: WriteSession, name: str) -> None:
    """Note that the process ``name`` lives, by the database's clock: all processes share that one."""
    session.execute(
        text(
            "INSERT INTO process_heartbeat (name, at) VALUES (:name, clock_timestamp())"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at"
        ),
        {"name": name},
    )


def measure_health(database: Database) -> Health:
    """One cheap look; never raises."""
    try:
        with database.read() as session:
            lag, seen = session.execute(
                text(
                    "SELECT coalesce(extract(epoch FROM clock_timestamp() -"
                    " (SELECT announced_at FROM outbox WHERE dispatched_at IS NULL ORDER BY seq LIMIT 1)), 0)::float8,"
                    " (SELECT extract(epoch FROM clock_timestamp() - max(at))::float8 FROM process_heartbeat"
                    "  WHERE name LIKE 'worker%')"
                )
            ).one()
    except SQLAlchemyError as error:
        _log.error("the database does not answer: %s", type(error).__name__)
        return Health("database_down", False, 0.0, None)
    return Health("ok", True, max(0.0, lag), seen)
