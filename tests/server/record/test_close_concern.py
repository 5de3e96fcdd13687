"""Closing: once, with reasons from Level 4, and at Level 5 by a colleague."""

import pytest

from server.kit.db import Database
from server.kit.errors import InvalidError, NotFoundError
from server.record.close_concern import CloseConcernCommand, close_concern
from server.record.domain import ConcernClosedError, OutcomeCode, SecondPersonError
from shared.taxonomy import Severity
from tests.kit.clock import FakeClock
from tests.kit.record import announced, audit_verbs, make_concern, make_school

REASON = "The family has support and she has a person in school."


def test_it_is_closed_audited_and_announced(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school, severity=Severity.LEVEL_4)
    command = CloseConcernCommand(concern_id, OutcomeCode.FAMILY_SUPPORT, REASON)
    with database.write(school.dsl.database_scope()) as session:
        close_concern(session, school.dsl, clock, command)
    assert audit_verbs(system_database, concern_id) == ["wrote_concern", "added_closed"]
    name, payload = announced(system_database, school.academy)[-1]
    assert (name, payload["concern_id"]) == ("ConcernClosed", str(concern_id))
    assert REASON not in str(payload)


def test_twice_is_refused(database: Database, system_database: Database, clock: FakeClock) -> None:
    school = make_school(system_database)
    command = CloseConcernCommand(make_concern(database, clock, school), OutcomeCode.ALREADY_KNOWN)
    with database.write(school.dsl.database_scope()) as session:
        close_concern(session, school.dsl, clock, command)
    with database.write(school.dsl.database_scope()) as session, pytest.raises(ConcernClosedError):
        close_concern(session, school.dsl, clock, command)


def test_level_4_needs_reasons(database: Database, system_database: Database, clock: FakeClock) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school, severity=Severity.LEVEL_4)
    with database.write(school.dsl.database_scope()) as session, pytest.raises(InvalidError):
        close_concern(session, school.dsl, clock, CloseConcernCommand(concern_id, OutcomeCode.ALREADY_KNOWN))


def test_level_5_is_closed_by_a_colleague(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school, severity=Severity.LEVEL_5)
    command = CloseConcernCommand(concern_id, OutcomeCode.POLICE_ACTION, REASON)
    with database.write(school.dsl.database_scope()) as session, pytest.raises(SecondPersonError):
        close_concern(session, school.dsl, clock, command)
    with database.write(school.deputy.database_scope()) as session:
        close_concern(session, school.deputy, clock, command)
    assert audit_verbs(system_database, concern_id)[-1] == "added_closed"


def test_another_academys_concern_does_not_exist(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school, other = make_school(system_database), make_school(system_database)
    command = CloseConcernCommand(make_concern(database, clock, school), OutcomeCode.ALREADY_KNOWN)
    with database.write(other.dsl.database_scope()) as session, pytest.raises(NotFoundError):
        close_concern(session, other.dsl, clock, command)
