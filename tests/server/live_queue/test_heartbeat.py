"""A claim lives as long as it beats and nobody else has the event."""

from datetime import timedelta
from uuid import uuid4

import pytest

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.live_queue.claim import claim_event
from server.live_queue.domain import LEASE, ClaimLostError
from server.live_queue.heartbeat import heartbeat
from server.live_queue.release import reap
from tests.kit.chain import make_moderator
from tests.kit.clock import FakeClock
from tests.kit.live_queue import queue_event
from tests.kit.organisation import make_academy


def test_a_beat_moves_the_end_and_a_foreign_token_does_not(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock
) -> None:
    academy = make_academy(system_database)
    moderator = make_moderator(system_database, academy)
    event_id = queue_event(system_database, keyring, academy)
    with database.write(moderator.database_scope()) as session:
        mine = claim_event(session, moderator, clock, event_id)
    clock.advance(seconds=20)
    with database.write(moderator.database_scope()) as session:
        assert (
            heartbeat(session, moderator, clock, event_id=event_id, token=mine.token) == clock.now() + LEASE
        )
    with database.write(moderator.database_scope()) as session, pytest.raises(ClaimLostError):
        heartbeat(session, moderator, clock, event_id=event_id, token=uuid4())


def test_a_late_beat_is_good_until_the_event_went_back(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock
) -> None:
    academy = make_academy(system_database)
    moderator = make_moderator(system_database, academy)
    event_id = queue_event(system_database, keyring, academy)
    with database.write(moderator.database_scope()) as session:
        mine = claim_event(session, moderator, clock, event_id)
    clock.advance(seconds=95)
    with database.write(moderator.database_scope()) as session:
        again = heartbeat(session, moderator, clock, event_id=event_id, token=mine.token)
    assert again - clock.now() == timedelta(seconds=90)
    clock.advance(seconds=95)
    with system_database.write() as session:
        while reap(session, clock):  # one run takes 500, and other tests' claims end too
            continue
    with database.write(moderator.database_scope()) as session, pytest.raises(ClaimLostError):
        heartbeat(session, moderator, clock, event_id=event_id, token=mine.token)
