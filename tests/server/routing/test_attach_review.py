"""A verdict joins the alert that went out before it: the grade, or that there was no risk. Never a second alert."""

from datetime import timedelta
from uuid import uuid4

import pytest

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.notification.acknowledge import acknowledge
from server.organisation.domain import Role
from server.routing.attach_review import attach_review
from server.routing.domain import WITHDRAWN_REASON
from server.routing.raise_alert import raise_alert, raise_missing
from shared.taxonomy import Severity
from tests.kit.chain import announced, decide_event, rows, send_unreviewed
from tests.kit.clock import FakeClock
from tests.kit.organisation import Academy, make_academy, make_actor

pytestmark = pytest.mark.usefixtures("empty_database")
ALERT = (
    "SELECT state, severity, unreviewed_severity, grade_id IS NOT NULL, dismissal_reason, reviewed_at,"
    " correction_due_at, acknowledge_due_at FROM alert WHERE event_id = :id"
)


@pytest.fixture
def academy(system_database: Database) -> Academy:
    return make_academy(system_database)


@pytest.mark.parametrize("level", [5, 3])
def test_a_grade_joins_and_another_level_is_to_be_told(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    academy: Academy,
    level: int,
) -> None:
    event_id, alert_id = send_unreviewed(system_database, clock, keyring, academy)
    raised_at = clock.now()
    now = clock.advance(minutes=4)
    decide_event((database, system_database), clock, keyring, academy, event_id, severity=Severity(level))
    for _ in range(2):
        with system_database.write() as session:
            assert raise_alert(session, clock, event_id) == alert_id
    [(state, severity, sent, is_graded, dismissed, reviewed_at, correct_at, due_at)] = rows(
        system_database, ALERT, id=event_id
    )
    assert (state, severity, sent, is_graded, dismissed, reviewed_at) == ("raised", level, 5, True, None, now)
    assert correct_at == (None if level == 5 else now)
    # Another level has another time to answer by, from now.
    assert (due_at == raised_at + timedelta(minutes=15)) is (level == 5)
    assert announced(system_database, "AlertReviewed", event_id) == 1
    assert announced(system_database, "AlertRaised", event_id) == 1


def test_a_dismissal_withdraws_what_nobody_has_taken_up(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy
) -> None:
    event_id, _ = send_unreviewed(system_database, clock, keyring, academy)
    decide_event((database, system_database), clock, keyring, academy, event_id)
    now = clock.advance(seconds=1)
    for expected in (True, False):
        with system_database.write() as session:
            assert attach_review(session, clock, event_id) is expected
    [(state, severity, sent, is_graded, dismissed, reviewed_at, correct_at, _)] = rows(
        system_database, ALERT, id=event_id
    )
    assert (state, severity, sent, is_graded) == ("no_further_action", 5, 5, False)
    assert (dismissed, reviewed_at, correct_at) == ("coursework", now, now)
    ended = "SELECT closed_reason, closed_at, next_chase_at FROM alert WHERE event_id = :id"
    assert rows(system_database, ended, id=event_id) == [(WITHDRAWN_REASON, now, None)]
    assert announced(system_database, "AlertClosed", event_id) == 1


def test_what_somebody_has_taken_up_stays_theirs(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy
) -> None:
    event_id, alert_id = send_unreviewed(system_database, clock, keyring, academy)
    dsl = make_actor(system_database, Role.DSL, academy=academy)
    with database.write(dsl.database_scope()) as session:
        acknowledge(session, dsl, clock, alert_id=alert_id)
    decide_event((database, system_database), clock, keyring, academy, event_id)
    with system_database.write() as session:
        assert attach_review(session, clock, event_id)
    [(state, *_, dismissed, _, correct_at, _)] = rows(system_database, ALERT, id=event_id)
    assert (state, dismissed, correct_at) == ("acknowledged", "coursework", clock.now())
    assert announced(system_database, "AlertClosed", event_id) == 0


@pytest.mark.parametrize("severity", [Severity.LEVEL_5, None])
def test_a_lost_task_is_made_up_for(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    academy: Academy,
    severity: Severity | None,
) -> None:
    event_id, _ = send_unreviewed(system_database, clock, keyring, academy)
    decide_event((database, system_database), clock, keyring, academy, event_id, severity=severity)
    for expected in (0, 1, 0):
        with system_database.write() as session:
            assert raise_missing(session, clock) == expected
        clock.advance(seconds=10)
    assert announced(system_database, "AlertReviewed", event_id) == 1


def test_nothing_waits_nothing_happens(
    system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy
) -> None:
    event_id, _ = send_unreviewed(system_database, clock, keyring, academy)
    with system_database.write() as session:
        assert not attach_review(session, clock, event_id)
        assert not attach_review(session, clock, uuid4())
