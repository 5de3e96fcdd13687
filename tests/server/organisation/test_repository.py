"""Staff, academies and appointments as the rooms above ask for them."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from server.kit.db import Database
from server.organisation.domain import Role
from server.organisation.repository import (
    find_staff_by_email,
    insert_appointment,
    list_academies,
    list_appointments,
    list_colleagues,
    list_trust_officers,
)
from tests.kit.organisation import LONG_AGO, TODAY, make_academy, make_staff, make_trust


def test_an_address_is_the_same_in_any_case(system_database: Database) -> None:
    staff = make_staff(system_database, Role.DSL)
    with system_database.read() as session:
        found = find_staff_by_email(session, f"  {staff.email.upper()} ")
        assert found is not None
        assert found.id == staff.id
        assert find_staff_by_email(session, "nobody@staff.test") is None


def test_two_people_cannot_share_an_address(system_database: Database) -> None:
    staff = make_staff(system_database, Role.DSL)
    with pytest.raises(IntegrityError), system_database.write() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO staff (id, email, display_name, password_hash) VALUES (gen_random_uuid(), %s, '', '')",
            (staff.email.upper(),),
        )


def test_the_dsl_stands_before_the_deputy_and_nobody_twice(system_database: Database) -> None:
    academy = make_academy(system_database)
    deputy = make_staff(system_database, Role.DEPUTY_DSL, academy=academy, display_name="A")
    dsl = make_staff(system_database, Role.DSL, academy=academy, display_name="B")
    make_staff(system_database, Role.DSL, display_name="Elsewhere")
    left = make_staff(system_database, Role.DSL, academy=academy, ends_on=TODAY - timedelta(days=1))
    with system_database.write() as session:
        insert_appointment(
            session,
            staff_id=dsl.id,
            role=Role.DEPUTY_DSL,
            trust_id=academy.trust_id,
            academy_id=academy.id,
            starts_on=LONG_AGO,
        )
    with system_database.read() as session:
        found = list_colleagues(session, [academy.id], [Role.DSL, Role.DEPUTY_DSL], TODAY)
    assert [one.staff_id for one in found] == [dsl.id, deputy.id]
    assert [one.role for one in found] == [Role.DSL, Role.DEPUTY_DSL]
    assert left.id not in {one.staff_id for one in found}


def test_the_officers_of_a_trust(system_database: Database) -> None:
    trust = make_trust(system_database)
    officer = make_staff(system_database, Role.TRUST_OFFICER, trust=trust)
    make_staff(system_database, Role.TRUST_OFFICER)
    with system_database.read() as session:
        assert [one.staff_id for one in list_trust_officers(session, trust.id, TODAY)] == [officer.id]


def test_academies_of_one_trust_by_name(system_database: Database) -> None:
    trust = make_trust(system_database)
    names = ["Quarry Hill", "Beck Row", "Marsh Lane"]
    for name in names:
        make_academy(system_database, trust, name=name)
    with system_database.read() as session:
        assert [row.name for row in list_academies(session, trust.id)] == sorted(names)


def test_an_appointment_carries_the_names_a_screen_shows(system_database: Database) -> None:
    academy = make_academy(system_database)
    staff = make_staff(system_database, Role.DEPUTY_DSL, academy=academy)
    with system_database.read() as session:
        (found,) = list_appointments(session, staff.id, TODAY)
    assert (found.role, found.academy_id, found.academy_name) == (Role.DEPUTY_DSL, academy.id, academy.name)
    assert (found.trust_id, found.trust_name) == (academy.trust_id, "Fen Edge Trust")


@pytest.mark.parametrize("role", [Role.DSL, Role.MODERATOR])
def test_a_role_belongs_to_an_academy_or_to_a_trust_never_both(system_database: Database, role: Role) -> None:
    academy = make_academy(system_database)
    staff = make_staff(system_database, Role.TRUST_OFFICER)
    with pytest.raises(IntegrityError), system_database.write() as session:
        insert_appointment(
            session,
            staff_id=staff.id,
            role=role,
            trust_id=academy.trust_id,
            academy_id=None if role.is_of_an_academy else academy.id,
            starts_on=LONG_AGO,
        )
