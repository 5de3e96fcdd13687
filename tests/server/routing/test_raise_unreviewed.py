"""With every moderator stopped a high prediction still reaches its school, in time, labelled, and once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.live_queue.claim import claim, claim_event
from server.moderation.grade import grade
from server.organisation.domain import Role
from server.routing.raise_alert import raise_alert
from server.routing.raise_unreviewed import raise_unreviewed
from shared.taxonomy import Severity
from tests.kit.chain import announced, decide_event, grade_command, make_moderator, rows, send_unreviewed
from tests.kit.clock import FakeClock
from tests.kit.live_queue import make_known_student, queue_event
from tests.kit.organisation import Academy, make_academy, make_actor

pytestmark = pytest.mark.usefixtures("empty_database")
ALERT = (
    "SELECT academy_id, student_id, category, theme, severity, unreviewed_severity, grade_id, state, raised_at,"
    " acknowledge_due_at FROM alert WHERE event_id = :id"
)
ALERTS = "SELECT count(*)::int FROM alert WHERE event_id = :id"
DEADLINES = "SELECT count(*)::int FROM review_deadline"


@pytest.fixture
def academy(system_database: Database) -> Academy:
    return make_academy(system_database)


def scan(system_database: Database, clock: FakeClock) -> int:
    with system_database.write() as session:
        return raise_unreviewed(session, clock)


@pytest.mark.parametrize(("level", "minutes"), [(5, 10), (4, 30), (3, 120)])
@pytest.mark.parametrize("is_claimed", [False, True])
def test_what_nobody_decides_goes_out_when_its_time_has_come(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    academy: Academy,
    level: int,
    minutes: int,
    is_claimed: bool,
) -> None:
    student_id = make_known_student(system_database, academy)
    event_id = queue_event(system_database, keyring, academy, severity=Severity(level), student_id=student_id)
    if is_claimed:
        moderator = make_moderator(system_database, academy)
        with database.write(moderator.database_scope()) as session:
            claim_event(session, moderator, clock, event_id)
    clock.advance(minutes=minutes, seconds=-1)
    assert scan(system_database, clock) == 0
    now = clock.advance(seconds=1)
    assert scan(system_database, clock) == 1
    [(academy_id, student, category, theme, severity, unreviewed, grade_id, state, raised_at, due_at)] = rows(
        system_database, ALERT, id=event_id
    )
    assert (academy_id, student, category, theme) == (academy.id, student_id, "VP", "T05")
    assert (severity, unreviewed, grade_id, state, raised_at) == (level, level, None, "raised", now)
    if level == 5:
        assert due_at == now + timedelta(minutes=15)
    assert announced(system_database, "AlertRaised", event_id) == 1
    assert announced(system_database, "EventSentUnreviewed", event_id) == 1
    sent = "SELECT actor_kind FROM audit_entry WHERE verb = 'sent_unreviewed' AND subject_id = :id"
    assert rows(system_database, sent, id=event_id) == [("system",)]


@pytest.mark.parametrize("level", [1, 2])
def test_a_low_prediction_waits_for_a_person(
    system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy, level: int
) -> None:
    queue_event(system_database, keyring, academy, severity=Severity(level))
    clock.advance(days=30)
    assert scan(system_database, clock) == 0


def test_a_scan_may_run_any_number_of_times_and_late(
    system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy
) -> None:
    event_id = queue_event(system_database, keyring, academy, severity=Severity.LEVEL_5)
    clock.advance(days=3)
    assert [scan(system_database, clock) for _ in range(3)] == [1, 0, 0]
    assert rows(system_database, ALERTS, id=event_id) == [(1,)]
    assert announced(system_database, "AlertRaised", event_id) == 1


@pytest.mark.parametrize("severity", [Severity.LEVEL_4, None])
def test_what_was_decided_in_time_only_loses_its_deadline(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    academy: Academy,
    severity: Severity | None,
) -> None:
    event_id = queue_event(system_database, keyring, academy, severity=Severity.LEVEL_5)
    decide_event((database, system_database), clock, keyring, academy, event_id, severity=severity)
    assert rows(system_database, DEADLINES) == [(1,)]
    clock.advance(minutes=10)
    assert scan(system_database, clock) == 0
    assert rows(system_database, DEADLINES) == [(0,)]
    assert rows(system_database, ALERTS, id=event_id) == [(0,)]


def test_the_gravest_go_first(
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    academy: Academy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.routing.raise_unreviewed.AT_ONCE", 1)
    three = queue_event(system_database, keyring, academy, severity=Severity.LEVEL_3)
    five = queue_event(system_database, keyring, academy, severity=Severity.LEVEL_5)
    clock.advance(hours=3)
    assert scan(system_database, clock) == 1
    assert (rows(system_database, ALERTS, id=five), rows(system_database, ALERTS, id=three)) == (
        [(1,)],
        [(0,)],
    )
    assert scan(system_database, clock) == 1
    assert rows(system_database, ALERTS, id=three) == [(1,)]


def test_it_still_waits_for_a_moderator(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy
) -> None:
    event_id, _ = send_unreviewed(system_database, clock, keyring, academy)
    moderator = make_moderator(system_database, academy)
    with database.write(moderator.database_scope()) as session:
        held = claim(session, moderator, clock)
    assert held is not None
    assert held.event_id == event_id


def test_only_its_own_academy_sees_it(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy
) -> None:
    _, alert_id = send_unreviewed(system_database, clock, keyring, academy)
    seen = []
    for one in (academy, make_academy(system_database)):
        dsl = make_actor(system_database, Role.DSL, academy=one)
        with database.read(dsl.database_scope()) as session:
            seen.append([row.id for row in session.connection().exec_driver_sql("SELECT id FROM alert")])
    assert seen == [[alert_id], []]


def test_a_grade_at_the_same_moment_whoever_is_first(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy
) -> None:
    """The moderator's transaction is open when the scan looks: the decision stands, nothing goes out unreviewed."""
    event_id = queue_event(system_database, keyring, academy, severity=Severity.LEVEL_5)
    moderator = make_moderator(system_database, academy)
    clock.advance(minutes=10)
    with database.write(moderator.database_scope()) as session:
        token = claim_event(session, moderator, clock, event_id).token
    with database.write(moderator.database_scope()) as session:
        grade(session, moderator, clock, keyring=keyring, command=grade_command(event_id, token))
        assert scan(system_database, clock) == 0
    assert scan(system_database, clock) == 0
    with system_database.write() as session:
        raise_alert(session, clock, event_id)
    assert rows(system_database, ALERT.replace("grade_id", "grade_id IS NULL"), id=event_id)[0][5:7] == (
        None,
        False,
    )


def test_grades_and_scans_in_a_race_make_one_alert_each(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy
) -> None:
    both = (database, system_database)
    events = [queue_event(system_database, keyring, academy, severity=Severity.LEVEL_5) for _ in range(12)]
    clock.advance(minutes=10)

    def decide(event_id: UUID) -> None:
        decide_event(both, clock, keyring, academy, event_id, severity=Severity.LEVEL_4)
        with system_database.write() as session:
            raise_alert(session, clock, event_id)

    with ThreadPoolExecutor(3) as pool:
        scans = [pool.submit(scan, system_database, clock) for _ in range(3)]
        done = list(pool.map(decide, events))
        sent = sum(one.result() for one in scans)
    scan(system_database, clock)
    assert len(done) == 12
    assert rows(
        system_database,
        "SELECT count(*)::int, count(grade_id)::int, count(DISTINCT event_id)::int, min(severity), max(severity)"
        " FROM alert",
    ) == [(12, 12, 12, 4, 4)]
    assert rows(system_database, "SELECT count(unreviewed_severity)::int FROM alert") == [(sent,)]


def test_no_machine_writes_into_a_record(
    system_database: Database, keyring: Keyring, clock: FakeClock, academy: Academy
) -> None:
    """DOMAIN.md D6: a notice that no person has reviewed creates nothing in anybody's record."""
    send_unreviewed(system_database, clock, keyring, academy)
    for table in ("concern", "action", "concern_entry", "referral", "outcome"):
        assert rows(system_database, f"SELECT count(*)::int FROM {table}") == [(0,)]
