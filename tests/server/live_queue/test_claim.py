"""Nobody holds what somebody else holds: sixteen moderators race for five hundred events."""

import threading
from collections import Counter
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from server.access.scope import Actor
from server.kit.db import Database
from server.kit.sealing import Keyring
from server.live_queue.claim import claim
from server.organisation.domain import Role
from tests.kit.clock import FakeClock
from tests.kit.live_queue import make_device, queue_event
from tests.kit.organisation import Trust, make_academy, make_actor

MODERATORS = 16
ITEMS = 500


def _naive_claim(database: Database, actor: Actor) -> UUID | None:
    """Read, then update: the pattern that gave one report to several moderators in the peers we measured.

    Kept here to prove that the race below would find it.
    """
    with database.write(actor.database_scope()) as session:
        event_id = session.execute(
            text(
                "SELECT event_id FROM review_item WHERE state = 'queued'"
                " ORDER BY band, sort_at, event_id LIMIT 1"
            )
        ).scalar_one_or_none()
        if event_id is None:
            return None
        session.execute(
            text(
                "UPDATE review_item SET state = 'claimed', claimed_by = :me, claim_token = :token"
                " WHERE event_id = :id"
            ),
            {"me": actor.staff_id, "token": uuid4(), "id": event_id},
        )
        return UUID(str(event_id))


def _claim(database: Database, actor: Actor) -> UUID | None:
    with database.write(actor.database_scope()) as session:
        found = claim(session, actor, FakeClock())
    return found.event_id if found else None


def _race(
    database_url: str, actors: list[Actor], take: Callable[[Database, Actor], UUID | None]
) -> Counter[UUID]:
    """Every moderator on a thread and a connection of their own claims until nothing is left."""
    taken: list[list[UUID]] = [[] for _ in actors]
    failures: list[Exception] = []
    start = threading.Barrier(len(actors))

    def work(index: int) -> None:
        database = Database(database_url, pool_size=1)
        try:
            with database.read() as session:
                session.execute(text("SELECT 1"))
            start.wait()
            while (event_id := take(database, actors[index])) is not None:
                taken[index].append(event_id)
        except (SQLAlchemyError, threading.BrokenBarrierError) as failure:
            failures.append(failure)
            start.abort()
        finally:
            database.close()

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(actors))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    return Counter(event_id for mine in taken for event_id in mine)


@pytest.fixture
def crowd(system_database: Database, keyring: Keyring) -> tuple[list[Actor], set[UUID]]:
    academy = make_academy(system_database)
    device_id = make_device(system_database, academy)
    trust = Trust(academy.trust_id, "")
    actors = [make_actor(system_database, Role.MODERATOR, trust=trust) for _ in range(MODERATORS)]
    events = {queue_event(system_database, keyring, academy, device_id=device_id) for _ in range(ITEMS)}
    return actors, events


def test_sixteen_moderators_never_hold_the_same_event(
    app_url: str, crowd: tuple[list[Actor], set[UUID]]
) -> None:
    actors, events = crowd
    taken = _race(app_url, actors, _claim)
    assert [event for event, times in taken.items() if times > 1] == []
    assert set(taken) == events


def test_the_race_would_find_a_claim_that_reads_first(
    app_url: str, crowd: tuple[list[Actor], set[UUID]]
) -> None:
    actors, _ = crowd
    taken = _race(app_url, actors, _naive_claim)
    assert any(times > 1 for times in taken.values())
