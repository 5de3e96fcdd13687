"""A note may be added at any time, and backdated; it is never about the future or about somebody else's student."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server.kit.db import Database
from server.kit.errors import InvalidError, NotFoundError
from server.record.add_note import AddNoteCommand, add_note
from server.record.close_concern import CloseConcernCommand, close_concern
from server.record.domain import OutcomeCode
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.record import audit_verbs, make_concern, make_school

NOTE = "Her mother called back."


def test_a_note_is_added_to_an_open_and_to_a_closed_concern(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    with database.write(school.dsl.database_scope()) as session:
        add_note(session, school.dsl, clock, AddNoteCommand(concern_id, NOTE))
        close_concern(session, school.dsl, clock, CloseConcernCommand(concern_id, OutcomeCode.ALREADY_KNOWN))
        add_note(session, school.dsl, clock, AddNoteCommand(concern_id, NOTE))
    assert audit_verbs(system_database, concern_id)[1:] == ["added_note", "added_closed", "added_note"]


def test_a_backdated_note_keeps_both_times(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    last_week = MONDAY - timedelta(days=7)
    with database.write(school.dsl.database_scope()) as session:
        entry_id = add_note(session, school.dsl, clock, AddNoteCommand(concern_id, NOTE, last_week))
    with system_database.read() as session:
        times = session.execute(
            text("SELECT occurred_at, recorded_at FROM concern_entry WHERE id = :id"), {"id": entry_id}
        ).one()
    assert tuple(times) == (last_week, MONDAY)


def test_an_empty_note_or_one_about_tomorrow_is_refused(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    tomorrow = MONDAY + timedelta(days=1)
    for command in (AddNoteCommand(concern_id, " "), AddNoteCommand(concern_id, NOTE, tomorrow)):
        with database.write(school.dsl.database_scope()) as session, pytest.raises(InvalidError):
            add_note(session, school.dsl, clock, command)


def test_another_academys_concern_does_not_exist(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school, other = make_school(system_database), make_school(system_database)
    concern_id = make_concern(database, clock, school)
    with database.write(other.dsl.database_scope()) as session, pytest.raises(NotFoundError):
        add_note(session, other.dsl, clock, AddNoteCommand(concern_id, NOTE))
