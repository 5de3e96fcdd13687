"""An action belongs to an open concern and to somebody who keeps that academy's records."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from server.kit.db import Database
from server.kit.errors import InvalidError, NotFoundError
from server.organisation.domain import Role
from server.record.add_action import AddActionCommand, add_action
from server.record.close_concern import CloseConcernCommand, close_concern
from server.record.domain import ConcernClosedError, OutcomeCode
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.organisation import make_staff
from tests.kit.record import announced, audit_verbs, make_concern, make_school

WHAT = "Speak to her tutor"


def test_it_is_written_audited_and_announced(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    command = AddActionCommand(concern_id, WHAT, school.deputy.staff_id, MONDAY.date() + timedelta(days=2))
    with database.write(school.dsl.database_scope()) as session:
        action_id = add_action(session, school.dsl, clock, command)
    with system_database.read() as session:
        row = session.execute(
            text(
                "SELECT concern_id, student_id, what, owner_id, due_on, added_by FROM action WHERE id = :id"
            ),
            {"id": action_id},
        ).one()
    assert tuple(row) == (
        concern_id,
        school.student_id,
        WHAT,
        school.deputy.staff_id,
        MONDAY.date() + timedelta(days=2),
        school.dsl.staff_id,
    )
    assert audit_verbs(system_database, concern_id)[-1] == "added_action"
    name, payload = announced(system_database, school.academy)[-1]
    assert (name, payload["action_id"], payload["event_id"]) == ("ActionAdded", str(action_id), None)
    assert WHAT not in str(payload)


def test_without_an_owner_it_is_mine(database: Database, system_database: Database, clock: FakeClock) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    with database.write(school.deputy.database_scope()) as session:
        add_action(session, school.deputy, clock, AddActionCommand(concern_id, WHAT))
    with system_database.read() as session:
        owner = session.scalars(
            text("SELECT owner_id FROM action WHERE concern_id = :id"), {"id": concern_id}
        ).one()
    assert owner == school.deputy.staff_id


def test_only_a_colleague_who_keeps_the_records_can_own_it(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school, other = make_school(system_database), make_school(system_database)
    moderator = make_staff(system_database, Role.MODERATOR)
    command = AddActionCommand(make_concern(database, clock, school), WHAT)
    for owner in (other.dsl.staff_id, moderator.id, uuid4()):
        with database.write(school.dsl.database_scope()) as session, pytest.raises(InvalidError):
            add_action(session, school.dsl, clock, replace(command, owner_id=owner))


def test_a_day_that_is_over_or_an_empty_text_is_refused(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    yesterday = MONDAY.date() - timedelta(days=1)
    for command in (AddActionCommand(concern_id, " "), AddActionCommand(concern_id, WHAT, None, yesterday)):
        with database.write(school.dsl.database_scope()) as session, pytest.raises(InvalidError):
            add_action(session, school.dsl, clock, command)


def test_a_closed_concern_takes_no_further_action(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    with database.write(school.dsl.database_scope()) as session:
        close_concern(session, school.dsl, clock, CloseConcernCommand(concern_id, OutcomeCode.ALREADY_KNOWN))
    with database.write(school.dsl.database_scope()) as session, pytest.raises(ConcernClosedError):
        add_action(session, school.dsl, clock, AddActionCommand(concern_id, WHAT))


def test_another_academys_concern_does_not_exist(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school, other = make_school(system_database), make_school(system_database)
    concern_id = make_concern(database, clock, school)
    with database.write(other.dsl.database_scope()) as session, pytest.raises(NotFoundError):
        add_action(session, other.dsl, clock, AddActionCommand(concern_id, WHAT))
