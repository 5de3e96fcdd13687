"""An action is done once, by a further entry, even on a closed concern and by two hands at a time."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from server.kit.db import Database
from server.kit.errors import NotFoundError
from server.record.add_action import AddActionCommand, add_action
from server.record.close_concern import CloseConcernCommand, close_concern
from server.record.complete_action import CompleteActionCommand, complete_action
from server.record.domain import AlreadyDoneError, OutcomeCode
from tests.kit.clock import FakeClock
from tests.kit.record import School, announced, audit_verbs, make_concern, make_school


def add(database: Database, clock: FakeClock, school: School, concern_id: UUID) -> UUID:
    with database.write(school.dsl.database_scope()) as session:
        return add_action(session, school.dsl, clock, AddActionCommand(concern_id, "Speak to her tutor"))


def test_it_is_done_audited_and_announced(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    action_id = add(database, clock, school, concern_id)
    with database.write(school.deputy.database_scope()) as session:
        complete_action(session, school.deputy, clock, CompleteActionCommand(action_id, "Tutor knows"))
    assert audit_verbs(system_database, concern_id)[-1] == "added_action_done"
    name, payload = announced(system_database, school.academy)[-1]
    assert (name, payload["action_id"]) == ("ActionCompleted", str(action_id))


def test_twice_is_refused(database: Database, system_database: Database, clock: FakeClock) -> None:
    school = make_school(system_database)
    action_id = add(database, clock, school, make_concern(database, clock, school))
    scope = school.dsl.database_scope()
    with database.write(scope) as session:
        complete_action(session, school.dsl, clock, CompleteActionCommand(action_id))
    with database.write(scope) as session, pytest.raises(AlreadyDoneError):
        complete_action(session, school.dsl, clock, CompleteActionCommand(action_id))


def test_of_many_hands_one_does_it(database: Database, system_database: Database, clock: FakeClock) -> None:
    school = make_school(system_database)
    action_id = add(database, clock, school, make_concern(database, clock, school))

    def try_once(_: int) -> str:
        try:
            with database.write(school.dsl.database_scope()) as session:
                complete_action(session, school.dsl, clock, CompleteActionCommand(action_id))
        except AlreadyDoneError:
            return "refused"
        return "done"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(try_once, range(4)))
    assert answers == ["done", "refused", "refused", "refused"]


def test_a_closed_concern_does_not_stand_in_the_way(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    action_id = add(database, clock, school, concern_id)
    with database.write(school.dsl.database_scope()) as session:
        close_concern(session, school.dsl, clock, CloseConcernCommand(concern_id, OutcomeCode.ALREADY_KNOWN))
        complete_action(session, school.dsl, clock, CompleteActionCommand(action_id))
    assert audit_verbs(system_database, concern_id)[-2:] == ["added_closed", "added_action_done"]


def test_another_academys_action_does_not_exist(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school, other = make_school(system_database), make_school(system_database)
    action_id = add(database, clock, school, make_concern(database, clock, school))
    with database.write(other.dsl.database_scope()) as session, pytest.raises(NotFoundError):
        complete_action(session, other.dsl, clock, CompleteActionCommand(action_id))
