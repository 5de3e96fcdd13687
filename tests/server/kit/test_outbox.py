"""A Message exists only if its transaction did, is handed over at least once, and no reader skips one."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text

from server.kit.database_urls import for_libpq
from server.kit.db import Database, WriteSession
from server.kit.outbox import READ_AFTER, announce, mark_dispatched, take_undispatched, to_payload
from tests.kit.clock import MONDAY

pytestmark = pytest.mark.usefixtures("empty_database")


@dataclass(frozen=True, slots=True)
class LampLit:
    lamp_id: UUID
    trust_id: UUID
    academy_id: UUID
    lit_at: datetime


def _message() -> LampLit:
    return LampLit(uuid4(), uuid4(), uuid4(), MONDAY)


def test_a_message_becomes_ids_and_times(system_database: Database) -> None:
    message = _message()
    with system_database.write() as session:
        announce(session, message)
    with system_database.write() as session:
        (row,) = take_undispatched(session)
    assert row.name == "LampLit"
    assert row.payload == to_payload(message)
    assert row.payload["lamp_id"] == str(message.lamp_id)
    assert datetime.fromisoformat(row.payload["lit_at"]) == MONDAY
    assert (row.trust_id, row.academy_id) == (message.trust_id, message.academy_id)


def test_what_is_rolled_back_was_never_announced(system_database: Database) -> None:
    def announce_and_fail(session: WriteSession) -> None:
        announce(session, _message())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        system_database.write_with(announce_and_fail)
    with system_database.write() as session:
        assert take_undispatched(session) == []


def test_two_takers_never_hold_the_same_row(system_database: Database) -> None:
    with system_database.write() as session:
        for _ in range(4):
            announce(session, _message())
    with system_database.write() as one, system_database.write() as two:
        first = {row.seq for row in take_undispatched(one, limit=2)}
        second = {row.seq for row in take_undispatched(two, limit=10)}
    assert (len(first), len(second)) == (2, 2)
    assert first.isdisjoint(second)


def test_a_taker_that_dies_gives_back_and_a_marked_one_is_gone(system_database: Database) -> None:
    with system_database.write() as session:
        announce(session, _message())

    def take_and_die(session: WriteSession) -> None:
        mark_dispatched(session, [row.seq for row in take_undispatched(session)])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        system_database.write_with(take_and_die)
    with system_database.write() as session:
        rows = take_undispatched(session)
        assert len(rows) == 1
        mark_dispatched(session, [rows[0].seq])
    with system_database.write() as session:
        assert take_undispatched(session) == []


def test_a_late_commit_with_an_early_number_is_still_read(system_database: Database, system_url: str) -> None:
    """The trap of ``seq > cursor``: the slow transaction's row would be skipped for good."""

    async def read(after: tuple[int, int]) -> list[tuple[int, int]]:
        connection = await asyncpg.connect(for_libpq(system_url))
        try:
            rows = await connection.fetch(READ_AFTER, str(after[0]), after[1], 100)
        finally:
            await connection.close()
        return [(row["xid"], row["seq"]) for row in rows]

    with system_database.write() as slow:
        announce(slow, _message())
        with system_database.write() as quick:
            announce(quick, _message())
        # The quick one has committed with the higher number, and waits until nothing older can come.
        early = asyncio.run(read((0, 0)))
    late = asyncio.run(read(early[-1] if early else (0, 0)))
    assert early == []
    assert len(late) == 2


def test_the_role_that_serves_people_announces_and_cannot_read(database: Database) -> None:
    scope = {"app.actor_id": str(uuid4())}
    with database.write(scope) as session:
        announce(session, _message())
    with pytest.raises(Exception, match="permission denied"), database.read(scope) as session:
        session.execute(text("SELECT * FROM outbox"))
