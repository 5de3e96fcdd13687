"""Three invented weeks came through the real verbs: every ending is there, nothing lies ahead, nobody is told of it."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from server.demonstration.history import DAYS, EVENTS, WAITING, plant_history
from server.demonstration.plant import plant
from server.kit.database_urls import for_libpq
from server.kit.db import Database
from server.kit.sealing import Keyring
from tests.kit.clock import FakeClock


@pytest.fixture
def progress(
    empty_database: None,
    system_database: Database,
    system_url: str,
    keyring: Keyring,
    clock: FakeClock,
    tmp_path: Path,
) -> list[tuple[int, int]]:
    """What the person at the terminal was told while it was planted."""
    told: list[tuple[int, int]] = []
    planted = plant(
        system_database, clock, folder=tmp_path, machine_account="s.lee", passphrase="aaaa-bbbb-cccc-dddd"
    )
    plant_history(
        system_database,
        clock,
        system_url=for_libpq(system_url),
        keyring=keyring,
        planted=planted,
        progress=lambda done, of: told.append((done, of)),
    )
    return told


def one(database: Database, statement: str, **values: Any) -> Any:
    """The single value of a query."""
    with database.read() as session:
        return session.execute(text(statement), values).scalar_one()


def test_three_weeks_stand_behind_the_boards(
    progress: list[tuple[int, int]], system_database: Database, clock: FakeClock
) -> None:
    assert progress[-1] == (EVENTS, EVENTS)
    assert one(system_database, "SELECT count(*) FROM event") == EVENTS + WAITING
    assert one(system_database, "SELECT count(*) FROM review_item WHERE state = 'queued'") >= WAITING
    for table in (
        "grade",
        "dismissal",
        "alert",
        "notice",
        "acknowledgement",
        "concern",
        "action",
        "referral",
        "outcome",
    ):
        assert one(system_database, f"SELECT count(*) FROM {table}") > 0, table
    assert one(system_database, "SELECT count(*) FROM response_time") == EVENTS + WAITING
    earliest = one(system_database, "SELECT min(received_at) FROM event")
    assert (clock.now() - earliest).days <= DAYS + 1
    for moment in ("event.received_at", "grade.graded_at", "alert.raised_at", "concern.recorded_at"):
        table, column = moment.split(".")
        ahead = one(system_database, f"SELECT count(*) FROM {table} WHERE {column} > :now", now=clock.now())
        assert ahead == 0, moment
    assert one(system_database, "SELECT count(*) FROM outbox WHERE dispatched_at IS NULL") == 0
    readable = "SELECT count(*) FROM event WHERE position(convert_to('home', 'UTF8') IN body) > 0"
    assert one(system_database, readable) == 0
