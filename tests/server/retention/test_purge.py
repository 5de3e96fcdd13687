"""The purge takes what is over and nothing else; a Message nobody handed on stays however old it is."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from server.kit.db import Database
from server.organisation.domain import Role
from server.retention.purge import Purged, purge
from server.sign_in.domain import ABSOLUTE, IDLE
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.organisation import make_staff

pytestmark = pytest.mark.usefixtures("empty_database")


def announce_at(system_database: Database, dispatched_at: datetime | None) -> None:
    with system_database.write() as session:
        session.execute(
            text(
                "INSERT INTO outbox (name, payload, announced_at, dispatched_at)"
                " VALUES ('EventReceived', '{}', :at, :dispatched)"
            ),
            {"at": MONDAY - timedelta(days=400), "dispatched": dispatched_at},
        )


def open_session(system_database: Database, *, seen_at: datetime, expires_at: datetime) -> None:
    staff = make_staff(system_database, Role.DSL)
    with system_database.write() as session:
        session.execute(
            text("INSERT INTO session VALUES (:token, :staff, :seen, :seen, :expires)"),
            {"token": staff.id.bytes, "staff": staff.id, "seen": seen_at, "expires": expires_at},
        )


def run(system_database: Database, clock: FakeClock) -> Purged:
    with system_database.write() as session:
        return purge(session, clock)


def count(system_database: Database, table: str) -> int:
    with system_database.read() as session:
        found: int = session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        return found


def test_messages_go_a_day_after_they_were_handed_on_and_never_before(
    system_database: Database, clock: FakeClock
) -> None:
    announce_at(system_database, MONDAY - timedelta(hours=25))
    announce_at(system_database, MONDAY - timedelta(hours=23))
    announce_at(system_database, None)
    assert run(system_database, clock).outbox == 1
    assert count(system_database, "outbox") == 2
    assert run(system_database, clock).outbox == 0


def test_sessions_go_when_nobody_can_use_them(system_database: Database, clock: FakeClock) -> None:
    open_session(system_database, seen_at=MONDAY, expires_at=MONDAY + ABSOLUTE)
    open_session(system_database, seen_at=MONDAY - IDLE, expires_at=MONDAY + ABSOLUTE)
    open_session(system_database, seen_at=MONDAY, expires_at=MONDAY)
    assert run(system_database, clock).sessions == 2
    assert count(system_database, "session") == 1


def test_tries_to_sign_in_go_after_thirty_days(system_database: Database, clock: FakeClock) -> None:
    with system_database.write() as session:
        for days in (29, 31):
            session.execute(
                text("INSERT INTO sign_in_attempt (email_sha256, at, succeeded) VALUES ('x', :at, false)"),
                {"at": MONDAY - timedelta(days=days)},
            )
    assert run(system_database, clock).sign_in_attempts == 1
    assert count(system_database, "sign_in_attempt") == 1


@pytest.mark.parametrize("table", ["concern", "concern_entry", "audit_entry", "event", "response_time"])
def test_the_background_role_cannot_delete_anything_else(system_database: Database, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), system_database.write() as session:
        session.execute(text(f"DELETE FROM {table}"))
