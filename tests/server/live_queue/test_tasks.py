"""The scan as the worker runs it: twice changes nothing more."""

from types import SimpleNamespace

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.live_queue.claim import claim_event
from server.live_queue.tasks import release_ended
from tests.kit.chain import announced, make_moderator, rows
from tests.kit.clock import FakeClock
from tests.kit.live_queue import queue_event
from tests.kit.organisation import make_academy


def test_the_scan_may_run_any_number_of_times(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock
) -> None:
    academy = make_academy(system_database)
    moderator = make_moderator(system_database, academy)
    event_id = queue_event(system_database, keyring, academy)
    with database.write(moderator.database_scope()) as session:
        claim_event(session, moderator, clock, event_id)
    clock.advance(seconds=91)
    task = SimpleNamespace(
        app=SimpleNamespace(parts=SimpleNamespace(system_database=system_database, clock=clock))
    )
    for _ in range(3):
        release_ended.run.__func__(task)
    found = rows(system_database, "SELECT state FROM review_item WHERE event_id = :id", id=event_id)
    assert found == [("queued",)]
    assert announced(system_database, "EventReleased", event_id) == 1
