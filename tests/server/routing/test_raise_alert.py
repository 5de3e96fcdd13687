"""One alert for one graded event, under the right academy, however often the task runs or is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.organisation.domain import Role
from server.routing.raise_alert import raise_alert, raise_missing
from shared.taxonomy import Severity
from tests.kit.chain import announced, grade_event, rows
from tests.kit.clock import FakeClock
from tests.kit.live_queue import make_known_student, queue_event
from tests.kit.organisation import Academy, make_academy, make_actor

ALERT = (
    "SELECT academy_id, trust_id, student_id, category, theme, severity, state, raised_at, acknowledge_due_at,"
    " chase_step FROM alert WHERE event_id = :id"
)


@pytest.fixture
def academy(system_database: Database) -> Academy:
    return make_academy(system_database)


def test_an_alert_has_its_academy_its_student_and_its_clock(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy
) -> None:
    student_id = make_known_student(system_database, academy)
    event_id = grade_event((database, system_database), clock, keyring, academy, student_id=student_id)
    with system_database.write() as session:
        assert raise_alert(session, clock, event_id)
    now = clock.now()
    assert rows(system_database, ALERT, id=event_id) == [
        (academy.id, academy.trust_id, student_id, "VP", "T05", 4, "raised", now, now + timedelta(hours=1), 0)
    ]


def test_the_task_may_be_delivered_any_number_of_times(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy
) -> None:
    event_id = grade_event((database, system_database), clock, keyring, academy)
    ids = set()
    for _ in range(3):
        with system_database.write() as session:
            ids.add(raise_alert(session, clock, event_id))
        clock.advance(minutes=1)
    assert len(ids) == 1
    assert announced(system_database, "AlertRaised", event_id) == 1


def test_an_event_without_a_grade_raises_nothing(
    system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy
) -> None:
    event_id = queue_event(system_database, keyring, academy)
    with system_database.write() as session:
        assert raise_alert(session, clock, event_id) is None
        assert raise_alert(session, clock, uuid4()) is None
    assert rows(system_database, ALERT, id=event_id) == []


def test_a_lost_task_is_made_up_for(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    academy: Academy,
    empty_database: None,
) -> None:
    academy = make_academy(system_database)
    event_id = grade_event((database, system_database), clock, keyring, academy, severity=Severity.LEVEL_5)
    with system_database.write() as session:
        assert raise_missing(session, clock) == 0
    clock.advance(seconds=10)
    for expected in (1, 0):
        with system_database.write() as session:
            assert raise_missing(session, clock) == expected
    assert announced(system_database, "AlertRaised", event_id) == 1


def test_only_its_own_academy_sees_it(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy
) -> None:
    event_id = grade_event((database, system_database), clock, keyring, academy)
    with system_database.write() as session:
        raise_alert(session, clock, event_id)
    readers = {
        "dsl": make_actor(system_database, Role.DSL, academy=academy),
        "another dsl": make_actor(system_database, Role.DSL),
        "officer": make_actor(system_database, Role.TRUST_OFFICER, academy=academy),
        "moderator": make_actor(system_database, Role.MODERATOR),
    }
    seen = {}
    for name, actor in readers.items():
        with database.read(actor.database_scope()) as session:
            seen[name] = len(session.connection().exec_driver_sql("SELECT 1 FROM alert").all())
    assert seen == {"dsl": 1, "another dsl": 0, "officer": 0, "moderator": 0}
