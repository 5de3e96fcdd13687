"""Every query of retention. Deletes only where the background role holds DELETE: technical rows."""

from datetime import datetime

from sqlalchemy import CursorResult, text

from server.kit.db import WriteSession

# At most this many rows of a table in one statement, so that a neglected table cannot hold locks for long.
BATCH = 5_000

_ENDED_SESSIONS = text(
    "DELETE FROM session WHERE token_sha256 IN"
    " (SELECT s.token_sha256 FROM session s WHERE s.expires_at <= :before OR s.last_seen_at <= :idle_before"
    "  LIMIT :batch)"
)
_OLD_ATTEMPTS = text(
    "DELETE FROM sign_in_attempt WHERE id IN (SELECT a.id FROM sign_in_attempt a WHERE a.at <= :before LIMIT :batch)"
)
# A Message nobody has handed to the broker stays, however old: it may be a DSL who was never told.
_DISPATCHED = text(
    "DELETE FROM outbox WHERE seq IN"
    " (SELECT o.seq FROM outbox o WHERE o.dispatched_at <= :before ORDER BY o.seq LIMIT :batch)"
)


def delete_ended_sessions(session: WriteSession, *, before: datetime, idle_before: datetime) -> int:
    """Sessions that nobody can use any more; how many went."""
    return _count(
        session.execute(_ENDED_SESSIONS, {"before": before, "idle_before": idle_before, "batch": BATCH})
    )


def delete_old_attempts(session: WriteSession, *, before: datetime) -> int:
    """Tries to sign in from before then; how many went."""
    return _count(session.execute(_OLD_ATTEMPTS, {"before": before, "batch": BATCH}))


def delete_dispatched(session: WriteSession, *, before: datetime) -> int:
    """Messages that the broker has had since before then; how many went."""
    return _count(session.execute(_DISPATCHED, {"before": before, "batch": BATCH}))


def _count(result: object) -> int:
    assert isinstance(result, CursorResult)
    return result.rowcount
