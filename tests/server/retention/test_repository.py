"""A neglected table is emptied in bounded bites, so that no run holds its locks for long."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server.kit.db import Database
from server.retention.repository import (
    BATCH,
    delete_dispatched,
    delete_ended_sessions,
    delete_old_attempts,
)
from tests.kit.clock import MONDAY

pytestmark = pytest.mark.usefixtures("empty_database")
OLD = MONDAY - timedelta(days=100)


def test_attempts_go_in_bites(system_database: Database) -> None:
    with system_database.write() as session:
        session.execute(
            text(
                "INSERT INTO sign_in_attempt (email_sha256, at, succeeded)"
                " SELECT 'x', :at, false FROM generate_series(1, :number)"
            ),
            {"at": OLD, "number": BATCH + 3},
        )
        taken = [delete_old_attempts(session, before=MONDAY) for _ in range(3)]
    assert taken == [BATCH, 3, 0]


def test_the_oldest_messages_go_first(system_database: Database) -> None:
    with system_database.write() as session:
        session.execute(
            text(
                "INSERT INTO outbox (name, payload, dispatched_at)"
                " SELECT 'EventReceived', '{}', :at FROM generate_series(1, :number)"
            ),
            {"at": OLD, "number": BATCH + 1},
        )
        last = session.execute(text("SELECT max(seq) FROM outbox")).scalar_one()
        assert delete_dispatched(session, before=MONDAY) == BATCH
        assert session.scalars(text("SELECT seq FROM outbox")).all() == [last]


def test_nothing_due_is_nothing_gone(system_database: Database) -> None:
    with system_database.write() as session:
        assert delete_ended_sessions(session, before=MONDAY, idle_before=MONDAY) == 0
        assert delete_old_attempts(session, before=MONDAY) == 0
        assert delete_dispatched(session, before=MONDAY) == 0
