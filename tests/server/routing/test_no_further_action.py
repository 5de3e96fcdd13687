"""An alert ends without a record only once somebody has it, with a reason, and once."""

from uuid import UUID

import pytest

from server.access.scope import Actor
from server.kit.db import Database
from server.kit.errors import KnownError, NotFoundError
from server.kit.sealing import Keyring
from server.notification.acknowledge import acknowledge
from server.organisation.domain import Role
from server.routing.domain import ImpossibleAlertStepError, ReasonError
from server.routing.no_further_action import no_further_action
from tests.kit.chain import raise_graded, rows
from tests.kit.clock import FakeClock
from tests.kit.organisation import make_academy, make_actor

REASON = "Known to us; a plan is in place."
ALERT = "SELECT state, closed_at, closed_reason, next_chase_at FROM alert WHERE id = :id"


@pytest.fixture
def dsl_and_alert(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock
) -> tuple[Actor, UUID]:
    academy = make_academy(system_database)
    dsl = make_actor(system_database, Role.DSL, academy=academy)
    return dsl, raise_graded((database, system_database), clock, keyring, academy)


def test_first_acknowledge_then_end_then_nothing(
    database: Database, system_database: Database, clock: FakeClock, dsl_and_alert: tuple[Actor, UUID]
) -> None:
    dsl, alert_id = dsl_and_alert

    def end(reason: str = REASON) -> None:
        with database.write(dsl.database_scope()) as session:
            no_further_action(session, dsl, clock, alert_id=alert_id, reason=reason)

    with pytest.raises(ImpossibleAlertStepError) as early:
        end()
    assert early.value.detail == "Acknowledge this alert first."
    with database.write(dsl.database_scope()) as session:
        acknowledge(session, dsl, clock, alert_id=alert_id)
    with pytest.raises(ReasonError):
        end("no")
    end()
    assert rows(system_database, ALERT, id=alert_id) == [("no_further_action", clock.now(), REASON, None)]
    audited = rows(
        system_database, "SELECT verb FROM audit_entry WHERE subject_id = :id ORDER BY id", id=alert_id
    )
    assert audited == [("acknowledged",), ("ended_alert",)]
    with pytest.raises(ImpossibleAlertStepError):
        end()


def test_a_dsl_of_another_academy_ends_nothing(
    database: Database, system_database: Database, clock: FakeClock, dsl_and_alert: tuple[Actor, UUID]
) -> None:
    stranger = make_actor(system_database, Role.DSL)
    with database.write(stranger.database_scope()) as session, pytest.raises(KnownError) as refused:
        no_further_action(session, stranger, clock, alert_id=dsl_and_alert[1], reason=REASON)
    assert isinstance(refused.value, NotFoundError)
