"""The projection's own look-ups; the board's counting is tested with the board."""

from uuid import uuid4

from sqlalchemy import text

from server.ingest.messages import EventReceived
from server.kit.db import Database
from server.kit.outbox import announce
from server.kit.sealing import Keyring
from server.metrics.repository import find_announced, find_grade_words
from tests.kit.clock import MONDAY
from tests.kit.organisation import make_academy
from tests.kit.record import make_alert


def test_a_message_is_found_by_its_number(system_database: Database) -> None:
    academy = make_academy(system_database)
    with system_database.write() as session:
        announce(session, EventReceived(uuid4(), academy.trust_id, academy.id, MONDAY, MONDAY))
        seq = session.scalars(text("SELECT seq FROM outbox WHERE academy_id = :id"), {"id": academy.id}).one()
        found = find_announced(session, seq)
        assert find_announced(session, seq + 1_000_000) is None
    assert found is not None
    assert (found.name, found.academy_id) == ("EventReceived", academy.id)
    assert found.payload["received_at"] == str(MONDAY)


def test_a_grades_words_are_found_once_it_exists(system_database: Database, keyring: Keyring) -> None:
    made = make_alert(system_database, keyring, make_academy(system_database))
    with system_database.read() as session:
        assert find_grade_words(session, made.event_id) == {"category": "VP", "theme": "T05", "severity": 4}
        assert find_grade_words(session, uuid4()) == {}
