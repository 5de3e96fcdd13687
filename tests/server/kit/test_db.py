"""Transactions: read only means it, one commit at the end, nothing after an error, the scope never leaks."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.kit.db import Database, WriteSession, one_or_none
from server.organisation.tables import TrustRow
from tests.kit.organisation import make_trust


def test_a_reading_session_cannot_write(system_database: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only transaction"), system_database.read() as session:
        session.execute(text("INSERT INTO process_heartbeat VALUES ('x', now())"))


def test_an_error_leaves_nothing_behind(system_database: Database) -> None:
    trust = make_trust(system_database)

    def rename_and_fail(session: WriteSession) -> None:
        session.execute(text("UPDATE trust SET name = 'Changed' WHERE id = :id"), {"id": trust.id})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        system_database.write_with(rename_and_fail)
    with system_database.read() as session:
        row = one_or_none(session, text("SELECT name FROM trust WHERE id = :id").bindparams(id=trust.id))
    assert row == trust.name


def test_the_scope_ends_with_the_transaction(database: Database) -> None:
    asked = text("SELECT coalesce(current_setting('app.actor_id', true), '')")
    with database.read({"app.actor_id": "somebody"}) as session:
        assert session.execute(asked).scalar_one() == "somebody"
    for _ in range(10):
        with database.read() as session:
            assert session.execute(asked).scalar_one() == ""


def test_write_with_returns_what_the_work_returns(system_database: Database) -> None:
    trust = make_trust(system_database)
    found = system_database.write_with(lambda session: session.get(TrustRow, trust.id))
    assert found is not None
    assert found.name == trust.name


def test_no_statement_runs_for_ever(system_database: Database) -> None:
    with system_database.read() as session:
        assert session.execute(text("SHOW statement_timeout")).scalar_one() == "15s"
        assert session.execute(text("SHOW timezone")).scalar_one() == "UTC"
