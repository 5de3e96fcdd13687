"""Events go back into the queue: handed back, or left until the lease ran out. Twice is once."""

import pytest

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.live_queue.claim import claim, claim_event
from server.live_queue.domain import ClaimLostError
from server.live_queue.release import reap, release
from tests.kit.chain import announced, make_moderator, rows
from tests.kit.clock import FakeClock
from tests.kit.live_queue import queue_event
from tests.kit.organisation import make_academy

STANDING = "SELECT state, claimed_by, claim_token, claim_expires_at FROM review_item WHERE event_id = :id"


def test_a_released_event_waits_again_and_its_token_is_void(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock
) -> None:
    academy = make_academy(system_database)
    first, second = make_moderator(system_database, academy), make_moderator(system_database, academy)
    event_id = queue_event(system_database, keyring, academy)
    with database.write(first.database_scope()) as session:
        mine = claim_event(session, first, clock, event_id)
    with database.write(first.database_scope()) as session:
        release(session, first, clock, event_id=event_id, token=mine.token)
    assert rows(system_database, STANDING, id=event_id) == [("queued", None, None, None)]
    assert announced(system_database, "EventReleased", event_id) == 1
    with database.write(first.database_scope()) as session, pytest.raises(ClaimLostError):
        release(session, first, clock, event_id=event_id, token=mine.token)
    with database.write(second.database_scope()) as session:
        assert claim(session, second, clock) is not None


def test_the_scan_hands_back_what_is_over_and_nothing_else(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock
) -> None:
    academy = make_academy(system_database)
    moderator = make_moderator(system_database, academy)
    over, held = (queue_event(system_database, keyring, academy) for _ in range(2))
    with database.write(moderator.database_scope()) as session:
        claim_event(session, moderator, clock, over)
    clock.advance(seconds=60)
    with database.write(moderator.database_scope()) as session:
        claim_event(session, moderator, clock, held)
    clock.advance(seconds=30)
    for _ in range(2):
        with system_database.write() as session:
            while reap(session, clock):  # one run takes 500, and other tests' claims end too
                continue
    assert rows(system_database, STANDING, id=over) == [("queued", None, None, None)]
    assert rows(system_database, STANDING, id=held)[0][0] == "claimed"
    assert announced(system_database, "EventReleased", over) == 1
    assert announced(system_database, "EventReleased", held) == 0
