"""A DSL finds the students of their own academies by the beginning of a name."""

from server.kit.db import Database
from server.mis.repository import find_student, search_students
from server.organisation.domain import Role
from tests.kit.clock import MONDAY
from tests.kit.devices import make_student
from tests.kit.organisation import Academy, make_academy, make_actor


def test_a_dsl_finds_own_students_only(
    database: Database, system_database: Database, academy: Academy
) -> None:
    mine = make_student(system_database, academy, given_name="Siân", family_name="O_Neil%", account="a")
    left = make_student(
        system_database, academy, given_name="Sam", family_name="O_Neil%", account="b", left_on=MONDAY.date()
    )
    other = make_student(
        system_database, make_academy(system_database), given_name="Siân", family_name="O_Neil%"
    )
    dsl = make_actor(system_database, Role.DSL, academy=academy)
    with database.read(dsl.database_scope()) as session:
        for words in ("o_n", "O_NEIL%", "siân o_", "o_neil%, s", " o_neil% "):
            found = [row.id for row in search_students(session, words)]
            assert found[0] == mine, words
            assert other not in found
        assert [row.id for row in search_students(session, "o_neil%")] == [mine, left]
        assert search_students(session, "%%") == []
        assert search_students(session, "o-") == []
        assert find_student(session, other) is None
        found_student = find_student(session, mine)
        assert found_student is not None
        assert found_student.display_name == "Siân O_Neil%"
    moderator = make_actor(system_database, Role.MODERATOR)
    with database.read(moderator.database_scope()) as session:
        assert search_students(session, "o") == []
