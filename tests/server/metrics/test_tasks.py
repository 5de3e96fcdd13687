"""The board's tasks, each under the name the worker's table sends, do what their verbs do."""

import pytest
from sqlalchemy import text

from server.ingest.messages import EventReceived
from server.kit.db import Database
from server.kit.outbox import announce
from server.kit.sealing import Keyring
from server.metrics.tasks import project_message, rebuild_all
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.live_queue import queue_event
from tests.kit.organisation import make_academy
from tests.kit.tasks import run_task

pytestmark = pytest.mark.usefixtures("empty_database")


def count(system_database: Database) -> int:
    with system_database.read() as session:
        found: int = session.execute(text("SELECT count(*) FROM response_time")).scalar_one()
        return found


def test_a_message_is_projected_by_its_number(
    system_database: Database, keyring: Keyring, clock: FakeClock
) -> None:
    academy = make_academy(system_database)
    event_id = queue_event(system_database, keyring, academy)
    with system_database.write() as session:
        announce(session, EventReceived(event_id, academy.trust_id, academy.id, MONDAY, MONDAY))
        seq = session.execute(text("SELECT seq FROM outbox")).scalar_one()
    run_task(project_message, system_database, clock, seq)
    run_task(project_message, system_database, clock, seq)
    assert count(system_database) == 1
    assert project_message.name == "metrics.project"


def test_everything_is_built_again(system_database: Database, keyring: Keyring, clock: FakeClock) -> None:
    queue_event(system_database, keyring, make_academy(system_database))
    assert count(system_database) == 0
    run_task(rebuild_all, system_database, clock)
    assert count(system_database) == 1
    assert rebuild_all.name == "metrics.rebuild"
