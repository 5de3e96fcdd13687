"""Who hears what, without a word of text; and nothing that commits is lost, whatever the order."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text

from server.access.scope import Actor
from server.kit.database_urls import for_libpq
from server.kit.db import Database
from server.kit.outbox import announce
from server.live_queue.feed import BACKLOG, Announced, Listener, LiveFeed, delta_for
from server.live_queue.messages import EventClaimed
from server.organisation.domain import Role
from tests.kit.chain import make_moderator
from tests.kit.organisation import Academy, make_academy, make_actor, make_trust

Hears = Callable[[Role], Actor]
EVENT, ALERT = uuid4(), uuid4()


def _announced(kind: str, academy: Academy) -> Announced:
    payload = {
        "event_id": str(EVENT),
        "alert_id": str(ALERT),
        "academy_id": str(academy.id),
        "trust_id": str(academy.trust_id),
        "grade_id": str(uuid4()),
    }
    return Announced(kind, payload, academy.trust_id, academy.id, "2026-11-16T09:00:00+00:00")


def test_each_reader_hears_only_their_own(system_database: Database) -> None:
    trust = make_trust(system_database)
    academy = make_academy(system_database, trust)
    event, alert = _announced("EventReceived", academy), _announced("AlertRaised", academy)
    at = {"at": "2026-11-16T09:00:00+00:00"}

    moderator = make_moderator(system_database, academy)
    assert delta_for(moderator, event) == {"kind": "EventReceived", "event_id": str(EVENT), **at}
    assert delta_for(moderator, alert) is None

    dsl = make_actor(system_database, Role.DSL, academy=academy)
    assert delta_for(dsl, event) is None
    assert delta_for(dsl, alert) == {
        "kind": "AlertRaised",
        "alert_id": str(ALERT),
        "event_id": str(EVENT),
        "academy_id": str(academy.id),
        **at,
    }

    officer = make_actor(system_database, Role.TRUST_OFFICER, trust=trust)
    assert delta_for(officer, event) is None
    assert delta_for(officer, alert) == {"kind": "AlertRaised", "academy_id": str(academy.id), **at}

    for role in (Role.MODERATOR, Role.DSL, Role.TRUST_OFFICER):
        stranger = make_actor(system_database, role)
        assert delta_for(stranger, event) is None
        assert delta_for(stranger, alert) is None


def test_a_listener_that_reads_too_slowly_is_found_out(system_database: Database) -> None:
    academy = make_academy(system_database)
    listener = Listener(make_moderator(system_database, academy))
    for _ in range(BACKLOG):
        listener.offer(_announced("EventReceived", academy))
    assert not listener.overflowed.is_set()
    listener.offer(_announced("EventReceived", academy))
    assert listener.overflowed.is_set()
    assert listener.waiting.qsize() == BACKLOG


def _claimed(academy: Academy) -> EventClaimed:
    return EventClaimed(uuid4(), academy.trust_id, academy.id, datetime(2026, 11, 16, tzinfo=UTC))


@pytest.mark.timeout(60)
def test_nothing_is_lost_when_transactions_commit_out_of_order(
    system_database: Database, system_url: str
) -> None:
    academy = make_academy(system_database)
    actor = make_moderator(system_database, academy)
    slow, quick = _claimed(academy), _claimed(academy)

    async def listen() -> list[UUID]:
        feed = LiveFeed(lambda: asyncpg.connect(for_libpq(system_url)))
        listener = await feed.join(actor)
        await asyncio.to_thread(out_of_order)
        heard = [json.loads(await asyncio.wait_for(listener.waiting.get(), 20)) for _ in range(2)]
        feed.leave(listener)
        await feed.stop()
        return [UUID(delta["event_id"]) for delta in heard]

    def out_of_order() -> None:
        with system_database.write() as first:
            announce(first, slow)
            with system_database.write() as second:
                announce(second, quick)
            # The quick one is committed; a reader by number alone would pass the slow one from here on.
            first.execute(text("SELECT pg_sleep(0.6)"))

    assert set(asyncio.run(listen())) == {slow.event_id, quick.event_id}


@pytest.mark.timeout(60)
def test_the_feed_goes_on_where_it_stopped_when_its_connection_breaks(
    system_database: Database, system_url: str
) -> None:
    academy = make_academy(system_database)
    actor = make_moderator(system_database, academy)
    first, second = _claimed(academy), _claimed(academy)
    name = f"feed-{uuid4().hex[:8]}"

    def say(message: EventClaimed) -> None:
        with system_database.write() as session:
            announce(session, message)

    def cut() -> None:
        with system_database.write() as session:
            session.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name"),
                {"name": name},
            )

    async def listen() -> list[UUID]:
        settings = {"application_name": name}
        feed = LiveFeed(lambda: asyncpg.connect(for_libpq(system_url), server_settings=settings))
        listener = await feed.join(actor)
        heard = []
        for message in (first, second):
            await asyncio.to_thread(say, message)
            heard.append(json.loads(await asyncio.wait_for(listener.waiting.get(), 20)))
            await asyncio.to_thread(cut)
        feed.leave(listener)
        await feed.stop()
        return [UUID(delta["event_id"]) for delta in heard]

    assert asyncio.run(listen()) == [first.event_id, second.event_id]
