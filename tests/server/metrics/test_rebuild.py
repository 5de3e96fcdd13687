"""Rebuilding overwrites what is wrong, keeps the first claim, and waits for nobody's half-written row."""

from uuid import UUID

import pytest
from sqlalchemy import text

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.metrics.rebuild import rebuild
from tests.kit.board import minutes, play_record_story
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.record import make_school

pytestmark = pytest.mark.usefixtures("empty_database")


def read(system_database: Database, event_id: UUID) -> dict[str, object]:
    with system_database.read() as session:
        found = session.execute(text("SELECT * FROM response_time WHERE event_id = :id"), {"id": event_id})
        return dict(found.mappings().one())


@pytest.fixture
def event_id(database: Database, system_database: Database, keyring: Keyring, clock: FakeClock) -> UUID:
    """The event of a whole story."""
    return play_record_story(database, system_database, keyring, clock, make_school(system_database))


def test_a_wrong_row_is_put_right(system_database: Database, event_id: UUID) -> None:
    with system_database.write() as session:
        rebuild(session)
    right = read(system_database, event_id)
    with system_database.write() as session:
        session.execute(
            text("UPDATE response_time SET severity = 1, told_at = NULL, dismissed_at = :at"), {"at": MONDAY}
        )
        rebuild(session)
    assert read(system_database, event_id) == right
    assert (right["severity"], right["category"], right["theme"]) == (4, "VP", "T05")
    assert (right["told_at"], right["raised_at"]) == (minutes(6), minutes(5))


def test_an_earlier_claim_is_remembered(system_database: Database, event_id: UUID) -> None:
    with system_database.write() as session:
        rebuild(session)
        assert session.execute(text("SELECT claimed_at FROM response_time")).scalar_one() == minutes(3)
        session.execute(text("UPDATE response_time SET claimed_at = :at"), {"at": minutes(1)})
        rebuild(session)
    assert read(system_database, event_id)["claimed_at"] == minutes(1)


def test_nobody_projects_while_it_runs(system_database: Database, event_id: UUID) -> None:
    with system_database.write() as session:
        rebuild(session)
        modes = session.scalars(
            text("SELECT mode FROM pg_locks WHERE relation = 'response_time'::regclass AND granted")
        ).all()
    assert "ShareRowExclusiveLock" in modes
