"""A record is read whole, with what the MIS knows beside it, and every reading is audited."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from server.access.scope import Actor
from server.kit.db import Database
from server.kit.errors import NotFoundError
from server.organisation.domain import Role
from server.record.add_action import AddActionCommand, add_action
from server.record.close_concern import CloseConcernCommand, close_concern
from server.record.complete_action import CompleteActionCommand, complete_action
from server.record.domain import ConcernState, OutcomeCode, Record
from server.record.read_record import read_record
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.organisation import Trust, make_actor
from tests.kit.record import SUMMARY, School, audit_verbs, make_concern, make_school


def read(database: Database, actor: Actor, school: School) -> Record:
    with database.write(actor.database_scope()) as session:
        return read_record(session, actor, school.student_id)


def with_mis(system_database: Database, school: School) -> None:
    values = {"student": school.student_id, "academy": school.academy.id, "at": MONDAY}
    with system_database.write() as session:
        session.execute(
            text("INSERT INTO attendance_summary VALUES (:student, :academy, 190, 171, 11, 8, 6, :at)"),
            values,
        )
        session.execute(
            text(
                "INSERT INTO behaviour_entry VALUES"
                " (gen_random_uuid(), :student, :academy, 'b1', '2026-11-02', 'Late', -1, 'No reason given.'),"
                " (gen_random_uuid(), :student, :academy, 'b2', '2026-11-09', 'Kindness', 2, '')"
            ),
            values,
        )


def test_everything_stands_in_it(database: Database, system_database: Database, clock: FakeClock) -> None:
    school = make_school(system_database)
    with_mis(system_database, school)
    open_id, closed_id = (make_concern(database, clock, school) for _ in range(2))
    with database.write(school.dsl.database_scope()) as session:
        command = AddActionCommand(open_id, "Speak to her tutor", school.deputy.staff_id)
        action_id = add_action(session, school.dsl, clock, command)
        add_action(session, school.dsl, clock, AddActionCommand(open_id, "Call home"))
        complete_action(session, school.dsl, clock, CompleteActionCommand(action_id))
        close_concern(session, school.dsl, clock, CloseConcernCommand(closed_id, OutcomeCode.ALREADY_KNOWN))
    record = read(database, school.deputy, school)
    assert record.student.display_name == "Maya Okafor"
    assert record.student.academy_name == school.academy.name
    attendance = record.attendance
    assert attendance is not None
    assert (attendance.percent, attendance.authorised, attendance.unauthorised) == (90.0, 11, 8)
    assert [entry.kind for entry in record.behaviour] == ["Kindness", "Late"]
    states = {concern.id: concern.state for concern in record.concerns}
    assert states == {open_id: ConcernState.OPEN, closed_id: ConcernState.CLOSED}
    [concern] = [one for one in record.concerns if one.id == open_id]
    assert concern.summary == SUMMARY
    assert concern.recorded_by_name == school.dsl_staff.display_name
    assert {(action.what, action.owner_name, action.done_at) for action in concern.actions} == {
        ("Speak to her tutor", school.deputy.display_name, MONDAY),
        ("Call home", school.dsl.display_name, None),
    }
    assert len(record.chronology) == 2 + 2 + 2 + 1 + 1


def test_every_reading_is_audited_under_the_readers_name(
    database: Database, system_database: Database
) -> None:
    school = make_school(system_database)
    for reader in (school.dsl, school.deputy):
        read(database, reader, school)
    with system_database.read() as session:
        rows = session.execute(
            text("SELECT verb, actor_id, academy_id FROM audit_entry WHERE subject_id = :id ORDER BY id"),
            {"id": school.student_id},
        ).all()
    assert [tuple(row) for row in rows] == [
        ("read_record", school.dsl.staff_id, school.academy.id),
        ("read_record", school.deputy.staff_id, school.academy.id),
    ]


def test_it_is_nobody_elses(database: Database, system_database: Database) -> None:
    school = make_school(system_database)
    trust = Trust(school.academy.trust_id, "")
    strangers = [
        make_school(system_database).dsl,
        make_actor(system_database, Role.TRUST_OFFICER, trust=trust),
        make_actor(system_database, Role.MODERATOR, trust=trust),
    ]
    for stranger in strangers:
        with pytest.raises(NotFoundError):
            read(database, stranger, school)
    assert audit_verbs(system_database, school.student_id) == []


def test_a_student_who_does_not_exist_reads_the_same_as_one_who_is_not_yours(
    database: Database, system_database: Database
) -> None:
    school, other = make_school(system_database), make_school(system_database)
    details = []
    for student_id in (uuid4(), other.student_id):
        with (
            pytest.raises(NotFoundError) as refused,
            database.write(school.dsl.database_scope()) as session,
        ):
            read_record(session, school.dsl, student_id)
        details.append(refused.value.detail)
    assert details[0] == details[1]
