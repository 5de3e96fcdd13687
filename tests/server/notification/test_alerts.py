"""Alerts as a DSL reads them: own academy only, unanswered and grave ones first, every opening audited."""

from collections.abc import Callable
from uuid import UUID

import pytest

from server.kit.db import Database
from server.kit.errors import NotFoundError
from server.kit.sealing import Keyring
from server.notification.acknowledge import acknowledge
from server.notification.alerts import list_alerts, open_alert, open_states
from server.notification.tell import tell
from server.organisation.domain import Role
from server.routing.domain import AlertState
from server.routing.no_further_action import no_further_action
from tests.kit.chain import MESSAGE, rows
from tests.kit.clock import FakeClock
from tests.kit.live_queue import PASSAGE
from tests.kit.organisation import actor_for, make_actor
from tests.server.notification.conftest import School

READ = "SELECT actor_id, verb FROM audit_entry WHERE subject_id = :id AND verb = 'read_alert'"


def test_the_order_and_what_is_still_open(
    database: Database,
    system_database: Database,
    clock: FakeClock,
    school: School,
    raise_level: Callable[[int], UUID],
) -> None:
    three, five, four, ended = (raise_level(level) for level in (3, 5, 4, 5))
    dsl = actor_for(system_database, school.dsl)
    for alert_id in (five, ended):
        with database.write(dsl.database_scope()) as session:
            acknowledge(session, dsl, clock, alert_id=alert_id)
    with database.write(dsl.database_scope()) as session:
        no_further_action(session, dsl, clock, alert_id=ended, reason="Known to us.")
    with database.read(dsl.database_scope()) as session:
        opened = [line.alert_id for line in list_alerts(session, states=open_states())]
        everything = {
            line.alert_id for line in list_alerts(session, states=[one.value for one in AlertState])
        }
        names = {line.acknowledged_by_name for line in list_alerts(session, states=["acknowledged"])}
    assert opened == [four, three, five]
    assert everything == {three, five, four, ended}
    assert names == {"Sam Patel"}


def test_opening_shows_text_message_and_who_was_told_and_is_audited(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    school: School,
    raise_level: Callable[[int], UUID],
) -> None:
    alert_id = raise_level(4)
    with system_database.write() as session:
        tell(session, clock, alert_id)
    dsl = actor_for(system_database, school.dsl)
    with database.write(dsl.database_scope()) as session:
        opened = open_alert(session, dsl, keyring=keyring, alert_id=alert_id)
    assert (opened.body.passage, opened.message) == (PASSAGE, MESSAGE)
    assert opened.line.student_name == "Maya Okafor"
    assert {(one.staff_name, one.state) for one in opened.notices} == {
        ("Sam Patel", "pending"),
        ("Ada Obi", "pending"),
    }
    assert rows(system_database, READ, id=alert_id) == [(dsl.staff_id, "read_alert")]


@pytest.mark.parametrize("role", [Role.DSL, Role.TRUST_OFFICER, Role.MODERATOR])
def test_nobody_else_sees_it(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    raise_level: Callable[[int], UUID],
    role: Role,
) -> None:
    alert_id = raise_level(4)
    stranger = make_actor(system_database, role)
    with database.read(stranger.database_scope()) as session:
        assert list_alerts(session, states=open_states()) == []
    with database.write(stranger.database_scope()) as session, pytest.raises(NotFoundError):
        open_alert(session, stranger, keyring=keyring, alert_id=alert_id)
    assert rows(system_database, READ, id=alert_id) == []
