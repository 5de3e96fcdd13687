"""Entries of one concern never share a moment, so that their order, and with it the state, is certain."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server.kit.db import Database
from server.record.append_entry import EntryCommand, append_entry
from server.record.domain import EntryKind, OutcomeCode
from server.record.repository import lock_concern
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.record import audit_verbs, make_concern, make_school

TICK = timedelta(microseconds=1)


def test_entries_written_at_one_moment_stand_a_tick_apart(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    kinds = [EntryKind.CLOSED, EntryKind.REOPENED, EntryKind.NOTE]
    with database.write(school.dsl.database_scope()) as session:
        concern = lock_concern(session, concern_id)
        assert concern is not None
        times = [
            append_entry(
                session, school.dsl, clock, concern=concern, command=EntryCommand(kind=kind, text="x")
            ).recorded_at
            for kind in kinds
        ]
    assert times == [MONDAY, MONDAY + TICK, MONDAY + 2 * TICK]


def test_a_clock_that_is_behind_cannot_put_an_entry_before_the_last(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    with database.write(school.dsl.database_scope()) as session:
        concern = lock_concern(session, concern_id)
        assert concern is not None
        note = EntryCommand(kind=EntryKind.NOTE, text="x")
        first = append_entry(session, school.dsl, clock, concern=concern, command=note)
        clock.advance(seconds=-3)
        second = append_entry(session, school.dsl, clock, concern=concern, command=note)
    assert second.recorded_at == first.recorded_at + TICK


def test_everything_of_the_entry_is_kept_and_audited(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    yesterday = MONDAY - timedelta(days=1)
    command = EntryCommand(
        kind=EntryKind.CLOSED,
        text="She has support now.",
        occurred_at=yesterday,
        outcome_code=OutcomeCode.SUPPORT_IN_SCHOOL,
    )
    with database.write(school.dsl.database_scope()) as session:
        concern = lock_concern(session, concern_id)
        assert concern is not None
        appended = append_entry(session, school.dsl, clock, concern=concern, command=command)
    with system_database.read() as session:
        row = session.execute(
            text(
                "SELECT concern_id, academy_id, student_id, kind, text, outcome_code, occurred_at, recorded_at,"
                " recorded_by FROM concern_entry WHERE id = :id"
            ),
            {"id": appended.entry_id},
        ).one()
    assert tuple(row) == (
        concern_id,
        school.academy.id,
        school.student_id,
        "closed",
        "She has support now.",
        "support_in_school",
        yesterday,
        MONDAY,
        school.dsl.staff_id,
    )
    assert audit_verbs(system_database, concern_id) == ["wrote_concern", "added_closed"]


@pytest.mark.parametrize("kind", EntryKind)
def test_the_database_knows_the_same_kinds(
    database: Database, system_database: Database, clock: FakeClock, kind: EntryKind
) -> None:
    with system_database.read() as session:
        check = session.execute(
            text(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conrelid = 'concern_entry'::regclass AND conname = 'concern_entry_kind_check'"
            )
        ).scalar_one()
    assert f"'{kind.value}'" in check
