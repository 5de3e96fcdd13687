"""Reopening: of a closed concern only, with a reason, and the closing stays."""

from uuid import UUID

import pytest

from server.kit.db import Database
from server.kit.errors import InvalidError, NotFoundError
from server.record.close_concern import CloseConcernCommand, close_concern
from server.record.domain import ConcernOpenError, ConcernState, OutcomeCode, derive_state
from server.record.reopen_concern import ReopenConcernCommand, reopen_concern
from server.record.repository import list_entry_kinds
from tests.kit.clock import FakeClock
from tests.kit.record import School, announced, make_concern, make_school

REASON = "She came back to her tutor today."


def closed(database: Database, clock: FakeClock, school: School) -> UUID:
    concern_id = make_concern(database, clock, school)
    with database.write(school.dsl.database_scope()) as session:
        close_concern(session, school.dsl, clock, CloseConcernCommand(concern_id, OutcomeCode.ALREADY_KNOWN))
    return concern_id


def test_it_is_open_again_and_announced(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = closed(database, clock, school)
    with database.write(school.dsl.database_scope()) as session:
        # At the very same moment of the clock: the order still holds.
        reopen_concern(session, school.dsl, clock, ReopenConcernCommand(concern_id, REASON))
        kinds = list_entry_kinds(session, concern_id)
    assert [kind.value for kind in kinds] == ["closed", "reopened"]
    assert derive_state(kinds) is ConcernState.OPEN
    name, payload = announced(system_database, school.academy)[-1]
    assert (name, payload["concern_id"]) == ("ConcernReopened", str(concern_id))


def test_an_open_concern_cannot_be_reopened(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    with database.write(school.dsl.database_scope()) as session, pytest.raises(ConcernOpenError):
        reopen_concern(session, school.dsl, clock, ReopenConcernCommand(concern_id, REASON))


def test_without_a_reason_it_stays_closed(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = closed(database, clock, school)
    with database.write(school.dsl.database_scope()) as session, pytest.raises(InvalidError):
        reopen_concern(session, school.dsl, clock, ReopenConcernCommand(concern_id, " "))


def test_another_academys_concern_does_not_exist(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school, other = make_school(system_database), make_school(system_database)
    concern_id = closed(database, clock, school)
    with database.write(other.dsl.database_scope()) as session, pytest.raises(NotFoundError):
        reopen_concern(session, other.dsl, clock, ReopenConcernCommand(concern_id, REASON))
