"""Searching students, and what row-level security leaves of the record for everybody else: nothing."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from server.kit.db import Database
from server.organisation.domain import Role
from server.record.add_action import AddActionCommand, add_action
from server.record.add_note import AddNoteCommand, add_note
from server.record.repository import (
    SEARCH_LIMIT,
    list_actions,
    list_concerns,
    list_entries,
    list_record_keepers,
    search_students,
)
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.live_queue import make_known_student
from tests.kit.organisation import Trust, make_actor
from tests.kit.record import School, make_concern, make_school

RECORD_TABLES = ("concern", "action", "concern_entry")


def found(database: Database, school: School, words: str) -> list[str]:
    with database.read(school.dsl.database_scope()) as session:
        return [student.display_name for student, _ in search_students(session, words)]


def test_students_are_found_by_the_beginning_and_the_middle_of_names(
    database: Database, system_database: Database
) -> None:
    school = make_school(system_database)  # Maya Okafor
    make_known_student(system_database, school.academy, given="Kofi", family="Mayhew")
    make_known_student(system_database, school.academy, given="Soraya", family="Lind")
    assert found(database, school, "may") == ["Kofi Mayhew", "Maya Okafor"]
    assert found(database, school, "MAYA OK") == ["Maya Okafor"]
    # A beginning stands before a middle.
    assert found(database, school, "ya") == ["Soraya Lind", "Maya Okafor"]
    assert found(database, school, "a l") == ["Soraya Lind"]


def test_signs_that_mean_anything_to_the_database_mean_themselves(
    database: Database, system_database: Database
) -> None:
    school = make_school(system_database)
    make_known_student(system_database, school.academy, given="Zoë", family="O'Brien_100%")
    assert found(database, school, "o'b") == ["Zoë O'Brien_100%"]
    assert found(database, school, "00%") == ["Zoë O'Brien_100%"]
    assert found(database, school, "%%") == []
    assert found(database, school, "m__a") == []


def test_leavers_are_not_offered(database: Database, system_database: Database) -> None:
    school = make_school(system_database)
    with system_database.write() as session:
        session.execute(
            text("UPDATE student SET left_on = :day WHERE id = :id"),
            {"day": MONDAY.date(), "id": school.student_id},
        )
    assert found(database, school, "maya") == []


def test_at_most_twenty_are_offered(database: Database, system_database: Database) -> None:
    school = make_school(system_database)
    for number in range(SEARCH_LIMIT + 2):
        make_known_student(system_database, school.academy, given="Maya", family=f"Number {number:02}")
    assert len(found(database, school, "maya")) == SEARCH_LIMIT


def test_nobody_is_found_at_another_academy(database: Database, system_database: Database) -> None:
    make_school(system_database)
    other = make_school(system_database)
    assert found(database, other, "maya") == ["Maya Okafor"]


def test_colleagues_are_those_of_ones_own_academy(database: Database, system_database: Database) -> None:
    school = make_school(system_database)
    make_school(system_database)
    with database.read(school.dsl.database_scope()) as session:
        keepers = list_record_keepers(session, school.dsl.record_academies, MONDAY.date())
    assert [keeper.staff_id for keeper in keepers] == [school.dsl.staff_id, school.deputy.staff_id]


def a_full_record(database: Database, system_database: Database, clock: FakeClock) -> School:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    with database.write(school.dsl.database_scope()) as session:
        add_action(session, school.dsl, clock, AddActionCommand(concern_id, "Speak to her tutor"))
        add_note(session, school.dsl, clock, AddNoteCommand(concern_id, "Her tutor knows."))
    return school


def test_the_school_reads_its_rows_and_nobody_else_any(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = a_full_record(database, system_database, clock)
    trust = Trust(school.academy.trust_id, "")
    others = {
        "another school": make_school(system_database).dsl,
        "the trust officer": make_actor(system_database, Role.TRUST_OFFICER, trust=trust),
        "the moderator": make_actor(system_database, Role.MODERATOR, trust=trust),
    }
    for reader, rows in ((school.dsl, 1), (school.deputy, 1), *((one, 0) for one in others.values())):
        with database.read(reader.database_scope()) as session:
            assert len(list_concerns(session, school.student_id)) == rows
            assert len(list_actions(session, school.student_id)) == rows
            assert len(list_entries(session, school.student_id)) == rows
            for table in RECORD_TABLES:
                count = session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
                assert count == rows, table
    with database.read() as session:
        assert [
            session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in RECORD_TABLES
        ] == [
            0,
            0,
            0,
        ]


@pytest.mark.parametrize("table", RECORD_TABLES)
def test_nothing_can_be_edited_by_anybody(
    database: Database, system_database: Database, clock: FakeClock, table: str
) -> None:
    school = a_full_record(database, system_database, clock)
    for change in (f"UPDATE {table} SET academy_id = academy_id", f"DELETE FROM {table}"):
        for pool, scope in ((database, school.dsl.database_scope()), (system_database, {})):
            with pytest.raises(ProgrammingError, match="permission denied"), pool.write(scope) as session:
                session.execute(text(change))


def test_nobody_can_write_in_anothers_name_or_for_another_academy(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school, other = a_full_record(database, system_database, clock), make_school(system_database)
    forged = text(
        "INSERT INTO concern_entry (id, concern_id, academy_id, student_id, kind, text, occurred_at, recorded_at,"
        " recorded_by) SELECT gen_random_uuid(), c.id, c.academy_id, c.student_id, 'note', 'x', now(), now(), :by"
        " FROM concern c WHERE c.student_id = :student"
    )
    values = {"student": school.student_id, "by": school.deputy.staff_id}
    scope = school.dsl.database_scope()
    with pytest.raises(ProgrammingError, match="row-level security"), database.write(scope) as session:
        session.execute(forged, values)
    foreign = text(
        "INSERT INTO concern (id, academy_id, trust_id, student_id, category, theme, severity, summary, occurred_at,"
        " recorded_at, recorded_by) VALUES (gen_random_uuid(), :academy, :trust, :student, 'VP', 'T04', 3, 'x',"
        " now(), now(), :by)"
    )
    values = {
        "academy": school.academy.id,
        "trust": school.academy.trust_id,
        "student": school.student_id,
        "by": other.dsl.staff_id,
    }
    scope = other.dsl.database_scope()
    with pytest.raises(ProgrammingError, match="row-level security"), database.write(scope) as session:
        session.execute(foreign, values)
