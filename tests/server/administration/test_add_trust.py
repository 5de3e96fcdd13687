"""A trust is written with its audit entry, or not at all."""

import pytest
from sqlalchemy import text

from server.administration.add_trust import add_trust
from server.audit.domain import SYSTEM
from server.kit.db import Database
from server.kit.errors import InvalidError
from tests.kit.clock import FakeClock


def test_a_trust_is_added_and_audited(system_database: Database, clock: FakeClock) -> None:
    with system_database.write() as session:
        trust_id = add_trust(session, SYSTEM, clock, name="  Fen Edge Trust ")
    with system_database.read() as session:
        name = session.execute(text("SELECT name FROM trust WHERE id = :id"), {"id": trust_id}).scalar_one()
        entry = session.execute(
            text("SELECT actor_kind, verb, trust_id FROM audit_entry WHERE subject_id = :id"),
            {"id": trust_id},
        ).one()
    assert name == "Fen Edge Trust"
    assert tuple(entry) == ("system", "added_trust", trust_id)


def test_a_trust_needs_a_name(system_database: Database, clock: FakeClock) -> None:
    with system_database.write() as session, pytest.raises(InvalidError):
        add_trust(session, SYSTEM, clock, name=" ")
