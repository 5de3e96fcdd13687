"""A session lives while it is used, never past its end, and ends for who has left."""

from datetime import timedelta

import pytest

from server.access.identify import identify
from server.kit.db import Database
from server.organisation.domain import Role
from server.sign_in.domain import ABSOLUTE, IDLE, NotSignedInError, sha256
from server.sign_in.repository import find_session
from tests.kit.clock import FakeClock
from tests.kit.organisation import Staff, make_staff
from tests.kit.sign_in import make_session


@pytest.fixture
def staff(system_database: Database) -> Staff:
    return make_staff(system_database, Role.DSL)


def test_the_cookie_gives_the_actor(system_database: Database, clock: FakeClock, staff: Staff) -> None:
    token = make_session(system_database, clock, staff)
    assert identify(system_database, clock, token).staff_id == staff.id


@pytest.mark.parametrize("token", [None, "", "nonsense", "a" * 43])
def test_anything_else_is_one_same_refusal(
    system_database: Database, clock: FakeClock, token: str | None
) -> None:
    with pytest.raises(NotSignedInError) as refused:
        identify(system_database, clock, token)
    assert refused.value.detail == "Please sign in."


def test_it_ends_after_a_quarter_of_an_hour_unused(
    system_database: Database, clock: FakeClock, staff: Staff
) -> None:
    token = make_session(system_database, clock, staff)
    clock.at += IDLE - timedelta(seconds=1)
    identify(system_database, clock, token)
    clock.at += IDLE
    with pytest.raises(NotSignedInError):
        identify(system_database, clock, token)


def test_use_keeps_it_awake_but_not_past_twelve_hours(
    system_database: Database, clock: FakeClock, staff: Staff
) -> None:
    token = make_session(system_database, clock, staff)
    end = clock.now() + ABSOLUTE
    while clock.now() + timedelta(minutes=14) < end:
        clock.advance(minutes=14)
        identify(system_database, clock, token)
    clock.at = end
    with pytest.raises(NotSignedInError):
        identify(system_database, clock, token)


def test_not_every_request_writes(system_database: Database, clock: FakeClock, staff: Staff) -> None:
    token = make_session(system_database, clock, staff)
    started = clock.now()

    def seen() -> float:
        with system_database.read() as session:
            row = find_session(session, sha256(token))
            assert row is not None
            return (row.last_seen_at - started).total_seconds()

    clock.advance(seconds=29)
    identify(system_database, clock, token)
    assert seen() == 0
    clock.advance(seconds=1)
    identify(system_database, clock, token)
    assert seen() == 30


def test_who_has_left_is_out_at_once(system_database: Database, clock: FakeClock, staff: Staff) -> None:
    token = make_session(system_database, clock, staff)
    with system_database.write() as session:
        session.connection().exec_driver_sql("UPDATE staff SET is_active = false WHERE id = %s", (staff.id,))
    with pytest.raises(NotSignedInError):
        identify(system_database, clock, token)


def test_the_token_itself_is_nowhere_in_the_database(
    system_database: Database, clock: FakeClock, staff: Staff
) -> None:
    token = make_session(system_database, clock, staff)
    with system_database.read() as session:
        rows = session.connection().exec_driver_sql("SELECT s::text FROM session s").scalars().all()
    assert rows
    assert not any(token in row or token.encode().hex() in row for row in rows)
