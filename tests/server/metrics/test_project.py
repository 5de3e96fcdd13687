"""Messages in any order, once or twice, end in the same row; and it is the row that rebuilding makes."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.metrics.domain import TIMES_OF
from server.metrics.project import project, project_message
from server.metrics.rebuild import rebuild
from shared.taxonomy import Severity
from tests.house.test_messages import every_message
from tests.kit.board import play_dismissal, play_ended_alert, play_record_story, play_sent_unreviewed
from tests.kit.clock import FakeClock
from tests.kit.record import make_school

pytestmark = pytest.mark.usefixtures("empty_database")
Rows = list[dict[str, Any]]
Play = Callable[[], None]


@pytest.fixture
def play(database: Database, system_database: Database, keyring: Keyring, clock: FakeClock) -> Play:
    """Five stories at one school, told in Messages and written in the rooms' own tables."""

    def stories() -> None:
        school = make_school(system_database)
        play_record_story(database, system_database, keyring, clock, school)
        play_ended_alert(database, system_database, keyring, clock, school)
        play_dismissal(system_database, keyring, clock, school.academy)
        for severity in (Severity.LEVEL_1, None):
            play_sent_unreviewed(database, system_database, keyring, clock, school.academy, severity=severity)

    return stories


def seqs(system_database: Database) -> list[int]:
    with system_database.read() as session:
        return list(session.scalars(text("SELECT seq FROM outbox ORDER BY seq")))


def rows(system_database: Database) -> Rows:
    with system_database.read() as session:
        found = session.execute(text("SELECT * FROM response_time ORDER BY event_id")).mappings()
        return [dict(row) for row in found]


def forget(owner_url: str) -> None:
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE response_time"))
    engine.dispose()


def run(system_database: Database, order: list[int]) -> Rows:
    for seq in order:
        with system_database.write() as session:
            project(session, seq)
    return rows(system_database)


def test_the_projection_is_what_rebuilding_makes(
    system_database: Database, owner_url: str, play: Play
) -> None:
    play()
    projected = run(system_database, seqs(system_database))
    assert len(projected) == 5
    with system_database.write() as session:
        rebuild(session)
    assert rows(system_database) == projected
    forget(owner_url)
    with system_database.write() as session:
        rebuild(session)
    assert rows(system_database) == projected


def test_every_time_was_set_in_some_story(system_database: Database, play: Play) -> None:
    play()
    projected = run(system_database, seqs(system_database))
    assert all(any(row[column] is not None for row in projected) for column in projected[0])


@pytest.mark.parametrize("seed", range(5))
def test_any_order_and_any_repetition_ends_alike(
    system_database: Database, owner_url: str, play: Play, seed: int
) -> None:
    play()
    order = seqs(system_database)
    expected = run(system_database, order)
    forget(owner_url)
    random = Random(seed)
    shuffled = order + random.choices(order, k=len(order))
    random.shuffle(shuffled)
    assert run(system_database, shuffled) == expected


def test_what_a_lost_task_left_out_is_healed(system_database: Database, play: Play) -> None:
    play()
    order = seqs(system_database)
    whole = run(system_database, order)
    with system_database.write() as session:
        session.execute(text("UPDATE response_time SET recorded_at = NULL, closed_at = NULL"))
        rebuild(session)
    assert rows(system_database) == whole


def test_a_message_that_counts_nothing_or_is_gone_changes_nothing(system_database: Database) -> None:
    with system_database.write() as session:
        assert project(session, 123456789) is False
        assert project_message(session, "EventReleased", {"event_id": "x"}) is False
        assert project_message(session, "ConcernOpened", {"event_id": None}) is False
    assert rows(system_database) == []


def test_every_message_field_named_here_exists() -> None:
    messages = {message.__name__: message for message in every_message()}
    for name, times in TIMES_OF.items():
        fields = messages[name].__dataclass_fields__  # type: ignore[attr-defined]
        assert {"event_id", "trust_id", "academy_id", *times} <= set(fields), name
