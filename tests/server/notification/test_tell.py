"""Who is told first: by level, once however often it is delivered, and somebody even where nobody is appointed."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.notification.tell import tell
from server.organisation.domain import Role
from shared.taxonomy import Severity
from tests.kit.chain import raise_graded, rows
from tests.kit.clock import FakeClock
from tests.kit.organisation import Trust, make_academy, make_staff
from tests.server.notification.conftest import School

NOTICES = (
    "SELECT s.email, n.step, n.state FROM notice n JOIN staff s ON s.id = n.staff_id"
    " WHERE n.alert_id = :id ORDER BY s.email"
)
GAPS = "SELECT count(*) FROM audit_entry WHERE subject_id = :id AND verb = 'academy_has_nobody_to_tell'"


@pytest.mark.parametrize(
    ("level", "who"),
    [
        (5, ["dsl", "deputy", "officer"]),
        (4, ["dsl", "deputy"]),
        (3, ["dsl", "deputy"]),
        (2, ["dsl"]),
        (1, ["dsl"]),
    ],
)
def test_who_is_told_first(
    system_database: Database,
    clock: FakeClock,
    school: School,
    raise_level: Callable[[int], UUID],
    level: int,
    who: list[str],
) -> None:
    alert_id = raise_level(level)
    for _ in range(3):
        with system_database.write() as session:
            tell(session, clock, alert_id)
    expected = sorted(getattr(school, one).email for one in who)
    assert rows(system_database, NOTICES, id=alert_id) == [(email, 1, "pending") for email in expected]
    assert rows(system_database, GAPS, id=alert_id) == [(0,)]


def test_an_alert_that_is_not_there_tells_nobody(system_database: Database, clock: FakeClock) -> None:
    with system_database.write() as session:
        tell(session, clock, uuid4())
    assert rows(system_database, NOTICES, id=uuid4()) == []


def test_former_and_future_staff_are_not_told(
    system_database: Database, clock: FakeClock, school: School, raise_level: Callable[[int], UUID]
) -> None:
    today = clock.now().date()
    make_staff(system_database, Role.DSL, academy=school.academy, ends_on=today.replace(day=1))
    make_staff(system_database, Role.DSL, academy=school.academy, starts_on=today.replace(day=28))
    alert_id = raise_level(4)
    with system_database.write() as session:
        tell(session, clock, alert_id)
    assert sorted(str(email) for email, *_ in rows(system_database, NOTICES, id=alert_id)) == school.keepers


@pytest.mark.parametrize("level", [4, 1])
def test_an_academy_with_nobody_is_the_trusts_and_is_written_down(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock, level: int
) -> None:
    academy = make_academy(system_database)
    officer = make_staff(system_database, Role.TRUST_OFFICER, trust=Trust(academy.trust_id, ""))
    alert_id = raise_graded((database, system_database), clock, keyring, academy, severity=Severity(level))
    with system_database.write() as session:
        tell(session, clock, alert_id)
    assert rows(system_database, NOTICES, id=alert_id) == [(officer.email, 1, "pending")]
    assert rows(system_database, GAPS, id=alert_id) == [(1,)]


def test_a_low_level_falls_to_the_deputy_where_there_is_no_dsl(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock
) -> None:
    academy = make_academy(system_database)
    deputy = make_staff(system_database, Role.DEPUTY_DSL, academy=academy)
    alert_id = raise_graded((database, system_database), clock, keyring, academy, severity=Severity.LEVEL_1)
    with system_database.write() as session:
        tell(session, clock, alert_id)
    assert rows(system_database, NOTICES, id=alert_id) == [(deputy.email, 1, "pending")]
