"""Chasing: a lost task is healed, nobody is told twice at one step, and it goes on until somebody answers."""

from collections.abc import Callable
from uuid import UUID

import pytest

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.notification.acknowledge import acknowledge
from server.notification.channels import ChannelError
from server.notification.chase import chase
from server.notification.tell import tell
from server.organisation.domain import Role
from tests.kit.chain import RecordingChannel, deliver_all, rows
from tests.kit.clock import FakeClock
from tests.kit.organisation import actor_for, make_staff
from tests.server.notification.conftest import School

STEPS = (
    "SELECT n.step, a.role, count(*)::int FROM notice n"
    " JOIN appointment a ON a.staff_id = n.staff_id WHERE n.alert_id = :id GROUP BY 1, 2 ORDER BY 1, 2"
)
NEXT = "SELECT chase_step, next_chase_at FROM alert WHERE id = :id"


class Scan:
    """The scan and the sending, at the clock's time."""

    def __init__(self, database: Database, clock: FakeClock, keyring: Keyring, alert_id: UUID) -> None:
        self.database, self.clock, self.keyring, self.alert_id = database, clock, keyring, alert_id
        self.channel = RecordingChannel()

    def at(self, **later: float) -> list[str]:
        """Let time pass, scan twice, send; who got a mail now."""
        self.clock.advance(**later)
        before = len(self.channel.sent)
        for _ in range(2):
            with self.database.write() as session:
                chase(session, self.clock)
            deliver_all(self.database, self.clock, self.keyring, self.channel, self.alert_id)
        return sorted(self.channel.readers()[before:])


@pytest.fixture
def scan_of(
    system_database: Database, clock: FakeClock, keyring: Keyring, raise_level: Callable[[int], UUID]
) -> Callable[[int], Scan]:
    def scan(level: int) -> Scan:
        return Scan(system_database, clock, keyring, raise_level(level))

    return scan


def test_a_lost_task_is_healed_by_the_scan(school: School, scan_of: Callable[[int], Scan]) -> None:
    """Nobody ever calls ``tell``: AlertRaised got lost."""
    scan = scan_of(4)
    assert scan.at(seconds=9) == []
    assert scan.at(seconds=1) == school.keepers
    assert scan.at(seconds=5) == []


def test_level_4_climbs_to_the_trust_officer_and_stops_at_the_answer(
    database: Database,
    system_database: Database,
    clock: FakeClock,
    school: School,
    scan_of: Callable[[int], Scan],
) -> None:
    scan = scan_of(4)
    everybody = sorted([*school.keepers, school.officer.email])
    with system_database.write() as session:
        tell(session, clock, scan.alert_id)
    assert scan.at(seconds=0) == school.keepers
    assert scan.at(minutes=29) == []
    assert scan.at(minutes=1) == school.keepers
    assert scan.at(minutes=29) == []
    assert scan.at(minutes=1) == everybody
    dsl = actor_for(system_database, school.dsl)
    with database.write(dsl.database_scope()) as session:
        acknowledge(session, dsl, clock, alert_id=scan.alert_id)
    assert scan.at(hours=1) == []
    assert rows(system_database, NEXT, id=scan.alert_id) == [(3, None)]
    assert rows(system_database, STEPS, id=scan.alert_id) == [
        (1, "deputy_dsl", 1),
        (1, "dsl", 1),
        (2, "deputy_dsl", 1),
        (2, "dsl", 1),
        (3, "deputy_dsl", 1),
        (3, "dsl", 1),
        (3, "trust_officer", 1),
    ]


def test_level_5_is_asked_every_two_minutes(school: School, scan_of: Callable[[int], Scan]) -> None:
    scan = scan_of(5)
    everybody = sorted([*school.keepers, school.officer.email])
    assert scan.at(seconds=10) == everybody
    assert scan.at(seconds=105) == []
    assert scan.at(seconds=5) == school.keepers
    assert scan.at(minutes=2) == everybody
    # The scan stands still for eleven minutes: one mail each afterwards, not six.
    assert scan.at(minutes=11) == everybody


def test_level_3_waits_for_the_school_morning_after_it_was_due(
    school: School, scan_of: Callable[[int], Scan]
) -> None:
    scan = scan_of(3)  # Monday 09:00; due on Tuesday at 17:00.
    assert scan.at(seconds=10) == school.keepers
    assert scan.at(minutes=10) == []
    assert scan.at(hours=47) == []
    assert scan.at(hours=1) == sorted([*school.keepers, school.officer.email])


@pytest.mark.parametrize("level", [1, 2])
def test_low_levels_are_told_once_and_left(
    system_database: Database, school: School, scan_of: Callable[[int], Scan], level: int
) -> None:
    scan = scan_of(level)
    assert scan.at(seconds=10) == [school.dsl.email]
    assert scan.at(minutes=10) == []
    assert rows(system_database, NEXT, id=scan.alert_id) == [(1, None)]
    assert scan.at(days=30) == []


@pytest.mark.parametrize("level", [1, 4])
def test_an_alert_nobody_could_be_told_of_is_never_given_up(
    school: School, scan_of: Callable[[int], Scan], level: int
) -> None:
    """A mail server is down for hours; when it is back everybody hears."""
    scan = scan_of(level)
    scan.channel.error = ChannelError("smtp_unreachable", is_outage=True)
    for _ in range(24):
        assert scan.at(minutes=10) == []
    scan.channel.error = None
    heard = set(scan.at(minutes=10)) | set(scan.at(minutes=10))
    assert set(school.keepers) <= heard
    assert school.officer.email in heard


def test_whoever_is_appointed_meanwhile_is_told(
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    school: School,
    scan_of: Callable[[int], Scan],
) -> None:
    scan = scan_of(2)
    scan.channel.error = ChannelError("smtp_550", is_final=True)
    assert scan.at(seconds=10) == []
    newcomer = make_staff(system_database, Role.DSL, academy=school.academy)
    scan.channel.error = None
    assert newcomer.email in scan.at(minutes=10)
