"""The first to say "I have it" has it; again changes nothing; a link alone opens nothing."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from server.access.scope import Actor
from server.kit.db import Database
from server.kit.errors import NotFoundError
from server.kit.sealing import Keyring
from server.notification.acknowledge import acknowledge, acknowledge_by_link
from server.notification.acknowledge_link import make_token
from server.notification.domain import LinkError
from server.notification.tell import tell
from server.organisation.domain import Role
from tests.kit.chain import rows
from tests.kit.clock import FakeClock
from tests.kit.organisation import actor_for, make_actor
from tests.server.notification.conftest import School

HISTORY = "SELECT staff_id, via, acknowledged_at FROM acknowledgement WHERE alert_id = :id"
ANNOUNCED = (
    "SELECT count(*)::int FROM outbox"
    " WHERE name = 'AlertAcknowledged' AND payload->>'alert_id' = CAST(:id AS text)"
)
AUDIT = "SELECT actor_id FROM audit_entry WHERE subject_id = :id AND verb = 'acknowledged'"


@pytest.fixture
def alert_id(system_database: Database, clock: FakeClock, raise_level: Callable[[int], UUID]) -> UUID:
    alert = raise_level(4)
    with system_database.write() as session:
        tell(session, clock, alert)
    return alert


@pytest.fixture
def dsl(system_database: Database, school: School) -> Actor:
    return actor_for(system_database, school.dsl)


@pytest.fixture
def deputy(system_database: Database, school: School) -> Actor:
    return actor_for(system_database, school.deputy)


def test_the_first_has_it_and_the_second_is_told_who(
    database: Database, system_database: Database, clock: FakeClock, alert_id: UUID, dsl: Actor, deputy: Actor
) -> None:
    first_at = clock.now()
    for actor, is_mine in ((dsl, True), (deputy, False), (dsl, True)):
        with database.write(actor.database_scope()) as session:
            done = acknowledge(session, actor, clock, alert_id=alert_id)
        assert (done.by_name, done.acknowledged_at, done.is_mine) == ("Sam Patel", first_at, is_mine)
        clock.advance(minutes=1)
    assert rows(system_database, HISTORY, id=alert_id) == [(dsl.staff_id, "page", first_at)]
    assert rows(system_database, ANNOUNCED, id=alert_id) == [(1,)]
    assert rows(system_database, AUDIT, id=alert_id) == [(dsl.staff_id,)]
    assert rows(system_database, "SELECT state, acknowledged_by FROM alert WHERE id = :id", id=alert_id) == [
        ("acknowledged", dsl.staff_id)
    ]


def test_a_link_serves_whoever_is_signed_in_for_that_academy(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    alert_id: UUID,
    dsl: Actor,
    deputy: Actor,
) -> None:
    ((notice_id,),) = rows(
        system_database,
        "SELECT id FROM notice WHERE alert_id = :id AND staff_id = :dsl",
        id=alert_id,
        dsl=dsl.staff_id,
    )
    assert isinstance(notice_id, UUID)
    token = make_token(keyring, notice_id, now=clock.now())
    with database.write(deputy.database_scope()) as session:
        done = acknowledge_by_link(session, deputy, clock, keyring=keyring, token=token)
    assert done.is_mine
    assert rows(system_database, HISTORY, id=alert_id) == [(deputy.staff_id, "link", clock.now())]


@pytest.mark.parametrize("role", [Role.DSL, Role.TRUST_OFFICER, Role.MODERATOR])
def test_outside_the_academy_neither_id_nor_link_finds_anything(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    alert_id: UUID,
    role: Role,
) -> None:
    stranger = make_actor(system_database, role)
    ((notice_id, *_), *_) = rows(system_database, "SELECT id FROM notice WHERE alert_id = :id", id=alert_id)
    assert isinstance(notice_id, UUID)
    token = make_token(keyring, notice_id, now=clock.now())
    with database.write(stranger.database_scope()) as session, pytest.raises(NotFoundError):
        acknowledge(session, stranger, clock, alert_id=alert_id)
    with database.write(stranger.database_scope()) as session, pytest.raises(NotFoundError):
        acknowledge_by_link(session, stranger, clock, keyring=keyring, token=token)
    assert rows(system_database, HISTORY, id=alert_id) == []


def test_links_that_are_old_or_of_no_notice(
    database: Database, keyring: Keyring, clock: FakeClock, alert_id: UUID, dsl: Actor
) -> None:
    old = make_token(keyring, uuid4(), now=clock.now())
    with database.write(dsl.database_scope()) as session, pytest.raises(NotFoundError):
        acknowledge_by_link(session, dsl, clock, keyring=keyring, token=old)
    clock.advance(days=7)
    with database.write(dsl.database_scope()) as session, pytest.raises(LinkError):
        acknowledge_by_link(session, dsl, clock, keyring=keyring, token=old)
