"""Removes technical rows whose time is over: ended sessions, old tries to sign in, Messages long handed on.

Nothing of a student is touched here. Run from the schedule; each run takes a bounded number of rows.
"""

from dataclasses import dataclass
from datetime import timedelta

from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.retention.repository import delete_dispatched, delete_ended_sessions, delete_old_attempts
from server.retention.rules import RULES
from server.sign_in.domain import IDLE


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows went."""

    sessions: int
    sign_in_attempts: int
    outbox: int


def purge(session: WriteSession, clock: Clock) -> Purged:
    """Delete what is due. Runs as the system role; safe to run twice or beside itself."""
    now = clock.now()
    return Purged(
        sessions=delete_ended_sessions(session, before=now - _keep("session"), idle_before=now - IDLE),
        sign_in_attempts=delete_old_attempts(session, before=now - _keep("sign_in_attempt")),
        outbox=delete_dispatched(session, before=now - _keep("outbox")),
    )


def _keep(table: str) -> timedelta:
    keep = RULES[table].keep
    assert keep is not None, f"{table} is not a table the purge may touch"
    return keep
