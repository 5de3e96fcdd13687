"""What each role reaches, and that nothing but a live appointment gives reach."""

from datetime import timedelta

import pytest

from server.access.scope import Actor, load_actor
from server.kit.db import Database
from server.kit.errors import NotFoundError
from server.organisation.domain import Role
from tests.kit.clock import MONDAY
from tests.kit.organisation import (
    actor_for,
    appoint,
    make_academy,
    make_actor,
    make_staff,
    make_trust,
)

TODAY = MONDAY.date()


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.MODERATION_LEAD])
def test_a_reviewer_reaches_the_trust_and_no_academy(system_database: Database, role: Role) -> None:
    trust = make_trust(system_database)
    make_academy(system_database, trust)
    actor = make_actor(system_database, role, trust=trust)
    assert actor.review_trusts == {trust.id}
    assert actor.record_academies == actor.board_academies == frozenset()


@pytest.mark.parametrize("role", [Role.DSL, Role.DEPUTY_DSL])
def test_a_dsl_reaches_one_academy_only(system_database: Database, role: Role) -> None:
    trust = make_trust(system_database)
    own, other = make_academy(system_database, trust), make_academy(system_database, trust)
    actor = make_actor(system_database, role, academy=own)
    assert actor.record_academies == actor.board_academies == {own.id}
    assert actor.review_trusts == frozenset()
    assert actor.record_academy(own.id) == own.id
    with pytest.raises(NotFoundError):
        actor.record_academy(other.id)


def test_a_trust_officer_counts_every_academy_and_keeps_no_record(system_database: Database) -> None:
    trust = make_trust(system_database)
    academies = {make_academy(system_database, trust).id for _ in range(3)}
    foreign = make_academy(system_database)
    actor = make_actor(system_database, Role.TRUST_OFFICER, trust=trust)
    assert actor.board_academies == academies
    assert actor.board_trusts == {trust.id}
    assert actor.record_academies == actor.review_trusts == frozenset()
    with pytest.raises(NotFoundError):
        actor.board_academy(foreign.id)


def test_two_roles_add_up(system_database: Database) -> None:
    academy = make_academy(system_database)
    second = make_academy(system_database)
    staff = make_staff(system_database, Role.DSL, academy=academy)
    appoint(system_database, staff, Role.DEPUTY_DSL, academy=second)
    assert actor_for(system_database, staff).record_academies == {academy.id, second.id}


def test_an_appointment_holds_from_its_first_day_to_its_last(system_database: Database) -> None:
    staff = make_staff(system_database, Role.DSL, starts_on=TODAY, ends_on=TODAY)

    def reach(days: int) -> int:
        return len(actor_for(system_database, staff, on=TODAY + timedelta(days=days)).record_academies)

    assert [reach(-1), reach(0), reach(1)] == [0, 1, 0]


def test_who_has_left_is_nobody(system_database: Database, owner_url: str) -> None:
    staff = make_staff(system_database, Role.MODERATOR)
    with system_database.write() as session:
        session.connection().exec_driver_sql("UPDATE staff SET is_active = false WHERE id = %s", (staff.id,))
    with system_database.read() as session:
        assert load_actor(session, staff.id, TODAY) is None


def test_the_database_scope_names_only_what_is_reached(system_database: Database) -> None:
    actor = make_actor(system_database, Role.DSL)
    (academy,) = actor.record_academies
    assert actor.database_scope() == {
        "app.actor_id": str(actor.staff_id),
        "app.review_trusts": "",
        "app.record_academies": str(academy),
        "app.board_academies": str(academy),
    }


def test_no_appointment_means_no_permission_and_no_reach(system_database: Database) -> None:
    staff = make_staff(system_database, Role.DSL, ends_on=TODAY - timedelta(days=1))
    actor: Actor = actor_for(system_database, staff)
    assert actor.permissions == frozenset()
    assert actor.board_academies == frozenset()
