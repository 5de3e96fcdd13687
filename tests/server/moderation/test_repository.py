"""Row-level security: nobody writes a decision for another trust or in another's name."""

from uuid import uuid4

import pytest
from sqlalchemy.exc import ProgrammingError

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.live_queue.repository import Moved
from server.moderation.domain import DismissCommand
from server.moderation.repository import insert_dismissal, insert_grade
from server.organisation.domain import Role
from shared.taxonomy import DismissalReason
from tests.kit.chain import grade_command, make_moderator
from tests.kit.clock import MONDAY
from tests.kit.live_queue import queue_event
from tests.kit.organisation import make_academy, make_actor


def test_decisions_are_ones_own_and_of_ones_own_trusts(
    database: Database, system_database: Database, keyring: Keyring
) -> None:
    academy = make_academy(system_database)
    event_id = queue_event(system_database, keyring, academy)
    moved = Moved(event_id, academy.trust_id, academy.id)
    mine, stranger = make_moderator(system_database, academy), make_actor(system_database, Role.MODERATOR)
    command = grade_command(event_id, uuid4())
    for actor, name in ((stranger, stranger.staff_id), (mine, stranger.staff_id)):
        with database.write(actor.database_scope()) as session, pytest.raises(ProgrammingError):
            insert_grade(session, moved, command, moderator_id=name, sealed_message=b"x", at=MONDAY)
        refused = DismissCommand(event_id, uuid4(), DismissalReason.DUPLICATE)
        with database.write(actor.database_scope()) as session, pytest.raises(ProgrammingError):
            insert_dismissal(session, moved, refused, moderator_id=name, at=MONDAY)
    with database.write(mine.database_scope()) as session:
        assert insert_grade(
            session, moved, command, moderator_id=mine.staff_id, sealed_message=b"x", at=MONDAY
        )
