"""Sessions and attempts as rows: seen never runs backwards, what has ended is forgotten, failures are counted."""

from datetime import timedelta
from uuid import uuid4

import pytest

from server.kit.db import Database
from server.organisation.domain import Role
from server.sign_in.domain import sha256
from server.sign_in.repository import (
    count_failures,
    delete_ended_sessions,
    delete_session,
    find_session,
    insert_attempt,
    insert_session,
    touch_session,
)
from tests.kit.clock import MONDAY
from tests.kit.organisation import make_staff

MINUTE = timedelta(minutes=1)


@pytest.fixture
def key(system_database: Database) -> bytes:
    """A session that was opened on Monday and ends an hour later."""
    found = sha256(uuid4().hex)
    staff = make_staff(system_database, Role.DSL)
    with system_database.write() as session:
        insert_session(
            session, token_sha256=found, staff_id=staff.id, at=MONDAY, expires_at=MONDAY + 60 * MINUTE
        )
    return found


def test_the_latest_time_seen_wins_whichever_request_comes_last(
    system_database: Database, key: bytes
) -> None:
    with system_database.write() as session:
        touch_session(session, key, MONDAY + 5 * MINUTE)
        touch_session(session, key, MONDAY + 2 * MINUTE)
    with system_database.read() as session:
        row = find_session(session, key)
        assert row is not None
        assert row.last_seen_at == MONDAY + 5 * MINUTE


def test_a_deleted_session_is_gone(system_database: Database, key: bytes) -> None:
    with system_database.write() as session:
        delete_session(session, key)
    with system_database.read() as session:
        assert find_session(session, key) is None


@pytest.mark.parametrize(
    ("seen_before", "expired_before", "stays"),
    [(MONDAY, MONDAY, True), (MONDAY + MINUTE, MONDAY, False), (MONDAY, MONDAY + 61 * MINUTE, False)],
)
def test_what_is_idle_or_expired_is_forgotten(
    system_database: Database, key: bytes, seen_before: object, expired_before: object, stays: bool
) -> None:
    with system_database.write() as session:
        delete_ended_sessions(session, seen_before=seen_before, expired_before=expired_before)  # type: ignore[arg-type]
    with system_database.read() as session:
        assert (find_session(session, key) is not None) is stays


def test_failures_count_within_the_window_and_since_the_last_success(system_database: Database) -> None:
    address = sha256(uuid4().hex)
    tries = [(0, False), (1, False), (2, True), (3, False), (4, False)]
    with system_database.write() as session:
        for minute, succeeded in tries:
            insert_attempt(session, email_sha256=address, at=MONDAY + minute * MINUTE, succeeded=succeeded)
        insert_attempt(session, email_sha256=sha256("another"), at=MONDAY + 4 * MINUTE, succeeded=False)
    with system_database.read() as session:
        assert count_failures(session, address, MONDAY) == 2
        assert count_failures(session, address, MONDAY + 4 * MINUTE) == 1
        assert count_failures(session, address, MONDAY + 5 * MINUTE) == 0
