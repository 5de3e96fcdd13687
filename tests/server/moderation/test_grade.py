"""A grade closes the event, seals its message, is written down and announced; a lost hold changes nothing."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from server.access.scope import Actor
from server.evidence.view import open_message
from server.kit.db import Database
from server.kit.sealing import Keyring
from server.live_queue.claim import claim, claim_event
from server.live_queue.domain import ClaimLostError
from server.live_queue.release import reap
from server.moderation.domain import MessageTooShortError
from server.moderation.grade import grade
from shared.taxonomy import Severity
from tests.kit.chain import MESSAGE, announced, grade_command, make_moderator, rows
from tests.kit.clock import FakeClock
from tests.kit.live_queue import queue_event
from tests.kit.organisation import Academy, make_academy

ITEM = "SELECT state, claim_token, decided_at FROM review_item WHERE event_id = :id"
GRADES = "SELECT moderator_id, theme, severity, message FROM grade WHERE event_id = :id"
AUDIT = "SELECT actor_id, verb FROM audit_entry WHERE subject_id = :id"


@pytest.fixture
def academy(system_database: Database) -> Academy:
    return make_academy(system_database)


@pytest.fixture
def moderator(system_database: Database, academy: Academy) -> Actor:
    return make_moderator(system_database, academy)


@pytest.fixture
def event_id(system_database: Database, keyring: Keyring, academy: Academy) -> UUID:
    return queue_event(system_database, keyring, academy)


def test_a_grade_is_kept_sealed_audited_and_announced(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    moderator: Actor,
    event_id: UUID,
) -> None:
    with database.write(moderator.database_scope()) as session:
        held = claim_event(session, moderator, clock, event_id)
    with database.write(moderator.database_scope()) as session:
        grade(session, moderator, clock, keyring=keyring, command=grade_command(event_id, held.token))
    assert rows(system_database, ITEM, id=event_id) == [("graded", None, clock.now())]
    ((by, theme, severity, sealed),) = rows(system_database, GRADES, id=event_id)
    assert (by, theme, severity) == (moderator.staff_id, "T05", 4)
    assert isinstance(sealed, bytes)
    assert MESSAGE.encode() not in sealed
    with system_database.read() as session:
        assert open_message(session, keyring, event_id, sealed) == MESSAGE
    assert rows(system_database, AUDIT, id=event_id) == [(moderator.staff_id, "graded")]
    assert announced(system_database, "EventGraded", event_id) == 1


def test_a_late_grade_after_reap_and_re_claim_loses(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    moderator: Actor,
    academy: Academy,
    event_id: UUID,
) -> None:
    other = make_moderator(system_database, academy)
    with database.write(moderator.database_scope()) as session:
        old = claim_event(session, moderator, clock, event_id)
    clock.advance(seconds=91)
    with system_database.write() as session:
        while reap(session, clock):  # one run takes 500, and other tests' claims end too
            continue
    with database.write(other.database_scope()) as session:
        new = claim(session, other, clock)
    assert new is not None
    assert new.event_id == event_id
    late = grade_command(event_id, old.token)
    with database.write(moderator.database_scope()) as session, pytest.raises(ClaimLostError) as lost:
        grade(session, moderator, clock, keyring=keyring, command=late)
    assert "another moderator has this event" in lost.value.detail
    assert "still on your screen" in lost.value.detail
    assert rows(system_database, GRADES, id=event_id) == []
    assert rows(system_database, AUDIT, id=event_id) == []
    assert announced(system_database, "EventGraded", event_id) == 0
    # The new holder is not disturbed.
    with database.write(other.database_scope()) as session:
        grade(session, other, clock, keyring=keyring, command=grade_command(event_id, new.token))
    assert rows(system_database, GRADES, id=event_id)[0][0] == other.staff_id


def test_a_grade_after_the_lease_but_before_anybody_took_it_is_not_thrown_away(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    moderator: Actor,
    event_id: UUID,
) -> None:
    with database.write(moderator.database_scope()) as session:
        held = claim_event(session, moderator, clock, event_id)
    clock.advance(minutes=5)
    with database.write(moderator.database_scope()) as session:
        grade(session, moderator, clock, keyring=keyring, command=grade_command(event_id, held.token))
    assert rows(system_database, ITEM, id=event_id)[0][0] == "graded"


def test_an_event_is_graded_once(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    moderator: Actor,
    event_id: UUID,
) -> None:
    with database.write(moderator.database_scope()) as session:
        held = claim_event(session, moderator, clock, event_id)
    command = grade_command(event_id, held.token)
    with database.write(moderator.database_scope()) as session:
        grade(session, moderator, clock, keyring=keyring, command=command)
    with database.write(moderator.database_scope()) as session, pytest.raises(ClaimLostError):
        grade(session, moderator, clock, keyring=keyring, command=command)
    assert len(rows(system_database, GRADES, id=event_id)) == 1


def test_a_rule_that_is_broken_leaves_the_hold_as_it_was(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    moderator: Actor,
    event_id: UUID,
) -> None:
    with database.write(moderator.database_scope()) as session:
        held = claim_event(session, moderator, clock, event_id)
    command = grade_command(event_id, held.token, severity=Severity.LEVEL_5, message="")
    with database.write(moderator.database_scope()) as session, pytest.raises(MessageTooShortError):
        grade(session, moderator, clock, keyring=keyring, command=command)
    assert rows(system_database, ITEM, id=event_id)[0][:2] == ("claimed", held.token)


def test_the_database_itself_keeps_history(database: Database, moderator: Actor) -> None:
    for statement in ("UPDATE grade SET severity = 1", "DELETE FROM grade", "DELETE FROM dismissal"):
        with database.write(moderator.database_scope()) as session, pytest.raises(ProgrammingError):
            session.execute(text(statement))
