"""A concern written by hand stands in the record of one's own student, audited and announced."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from server.kit.db import Database
from server.kit.errors import InvalidError, NotFoundError
from server.record.write_concern import WriteConcernCommand, write_concern
from shared.taxonomy import Category, Severity, Theme
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.record import SUMMARY, announced, audit_verbs, make_concern, make_school

COMMAND = WriteConcernCommand(
    student_id=uuid4(),
    category=Category.BULLYING,
    theme=Theme.BULLYING,
    severity=Severity.LEVEL_3,
    summary=SUMMARY,
    occurred_at=MONDAY - timedelta(days=2),
)


def test_it_is_written_audited_and_announced(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    with database.write(school.dsl.database_scope()) as session:
        command = replace(COMMAND, student_id=school.student_id)
        concern_id = write_concern(session, school.dsl, clock, command)
    with system_database.read() as session:
        row = session.execute(
            text(
                "SELECT academy_id, trust_id, student_id, alert_id, theme, severity, occurred_at, recorded_at,"
                " recorded_by FROM concern WHERE id = :id"
            ),
            {"id": concern_id},
        ).one()
    assert tuple(row) == (
        school.academy.id,
        school.academy.trust_id,
        school.student_id,
        None,
        "T10",
        3,
        MONDAY - timedelta(days=2),
        MONDAY,
        school.dsl.staff_id,
    )
    assert audit_verbs(system_database, concern_id) == ["wrote_concern"]
    [(name, payload)] = announced(system_database, school.academy)
    assert name == "ConcernOpened"
    assert payload["event_id"] is None
    assert SUMMARY not in str(payload)


def test_a_student_of_another_academy_does_not_exist(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school, other = make_school(system_database), make_school(system_database)
    with database.write(other.dsl.database_scope()) as session, pytest.raises(NotFoundError):
        write_concern(session, other.dsl, clock, replace(COMMAND, student_id=school.student_id))


@pytest.mark.parametrize(
    "wrong",
    [
        {"summary": "  "},
        {"theme": Theme.SUICIDE},
        {"occurred_at": MONDAY + timedelta(hours=1)},
    ],
)
def test_what_cannot_be_meant_is_refused(
    database: Database, system_database: Database, clock: FakeClock, wrong: dict[str, object]
) -> None:
    school = make_school(system_database)
    command = replace(COMMAND, student_id=school.student_id, **wrong)  # type: ignore[arg-type]
    with database.write(school.dsl.database_scope()) as session, pytest.raises(InvalidError):
        write_concern(session, school.dsl, clock, command)


@pytest.mark.parametrize("change", ["UPDATE concern SET summary = ''", "DELETE FROM concern"])
def test_nobody_can_change_it_not_even_in_plain_sql(
    database: Database, system_database: Database, clock: FakeClock, change: str
) -> None:
    school = make_school(system_database)
    make_concern(database, clock, school)
    for pool, scope in ((database, school.dsl.database_scope()), (system_database, {})):
        with pytest.raises(ProgrammingError, match="permission denied"), pool.write(scope) as session:
            session.execute(text(change))
