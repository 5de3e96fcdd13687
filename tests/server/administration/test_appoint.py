"""Appointing gives a role and, once, an account; the account opens with the password and nothing else."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from server.administration.appoint import AppointCommand, appoint
from server.administration.domain import AlreadyAppointedError
from server.audit.domain import SYSTEM
from server.kit.db import Database
from server.kit.errors import InvalidError, NotFoundError
from server.organisation.domain import Role
from server.sign_in.passwords import is_password
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.organisation import Academy, make_academy

PASSWORD = "a long first password"


def a_dsl(academy: Academy) -> AppointCommand:
    return AppointCommand(
        email=f"{uuid4().hex}@marsh.test",
        display_name="Priya Nair",
        role=Role.DSL,
        trust_id=academy.trust_id,
        academy_id=academy.id,
        password=PASSWORD,
    )


def test_somebody_new_gets_an_account_and_a_role(system_database: Database, clock: FakeClock) -> None:
    academy = make_academy(system_database)
    with system_database.write() as session:
        staff_id = appoint(session, SYSTEM, clock, a_dsl(academy))
    with system_database.read() as session:
        stored = session.execute(
            text("SELECT password_hash FROM staff WHERE id = :id"), {"id": staff_id}
        ).scalar_one()
        office = session.execute(
            text("SELECT role, trust_id, academy_id, starts_on FROM appointment WHERE staff_id = :id"),
            {"id": staff_id},
        ).one()
        verb = session.scalars(
            text("SELECT verb FROM audit_entry WHERE subject_id = :id"), {"id": staff_id}
        ).one()
    assert PASSWORD not in stored
    assert is_password(stored, PASSWORD)
    assert not is_password(stored, PASSWORD + "!")
    assert tuple(office) == ("dsl", academy.trust_id, academy.id, MONDAY.date())
    assert verb == "appointed"


def test_the_same_address_in_capitals_is_the_same_person_with_the_same_password(
    system_database: Database, clock: FakeClock
) -> None:
    academy, other = make_academy(system_database), make_academy(system_database)
    command = a_dsl(academy)
    with system_database.write() as session:
        first = appoint(session, SYSTEM, clock, command)
        before = session.execute(
            text("SELECT password_hash FROM staff WHERE id = :id"), {"id": first}
        ).scalar()
        second = appoint(
            session,
            SYSTEM,
            clock,
            replace(
                command,
                email=command.email.upper(),
                trust_id=other.trust_id,
                academy_id=other.id,
                password="quite another password",
            ),
        )
        after = session.execute(
            text("SELECT password_hash FROM staff WHERE id = :id"), {"id": first}
        ).scalar()
    assert first == second
    assert before == after


def test_the_same_role_twice_is_refused(system_database: Database, clock: FakeClock) -> None:
    command = a_dsl(make_academy(system_database))
    with system_database.write() as session:
        appoint(session, SYSTEM, clock, command)
    with system_database.write() as session, pytest.raises(AlreadyAppointedError):
        appoint(session, SYSTEM, clock, command)


def test_an_academy_of_another_trust_is_refused(system_database: Database, clock: FakeClock) -> None:
    academy, other = make_academy(system_database), make_academy(system_database)
    with system_database.write() as session, pytest.raises(NotFoundError):
        appoint(session, SYSTEM, clock, replace(a_dsl(academy), trust_id=other.trust_id))


def test_what_cannot_be_meant_is_refused(system_database: Database, clock: FakeClock) -> None:
    command = a_dsl(make_academy(system_database))
    impossible = [
        replace(command, academy_id=None),
        replace(command, password=None),
        replace(command, password="short"),
        replace(command, display_name=" "),
        replace(command, email="nobody"),
        replace(command, ends_on=(MONDAY - timedelta(days=1)).date()),
    ]
    for one in impossible:
        with system_database.write() as session, pytest.raises(InvalidError):
            appoint(session, SYSTEM, clock, one)


def test_a_password_never_shows_in_a_traceback() -> None:
    command = AppointCommand("a@b.test", "A", Role.MODERATOR, uuid4(), password=PASSWORD)
    assert PASSWORD not in repr(command)
