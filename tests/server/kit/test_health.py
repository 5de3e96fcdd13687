"""Health tells a living installation from one whose database, outbox or worker stands still."""

import pytest
from sqlalchemy import text

from server.kit.db import Database
from server.kit.health import beat, measure_health


@pytest.mark.usefixtures("empty_database")
def test_a_fresh_installation_is_well_and_has_seen_no_worker(system_database: Database) -> None:
    health = measure_health(system_database)
    assert (health.status, health.database) == ("ok", True)
    assert health.outbox_lag_s == 0.0
    assert health.worker_seen_s is None


def test_a_beat_is_seen_and_grows_old(system_database: Database) -> None:
    with system_database.write() as session:
        beat(session, "worker")
        beat(session, "worker")
    seen = measure_health(system_database).worker_seen_s
    assert seen is not None
    assert 0 <= seen < 5
    with system_database.write() as session:
        session.execute(
            text("UPDATE process_heartbeat SET at = at - interval '1 minute' WHERE name = 'worker'")
        )
    seen = measure_health(system_database).worker_seen_s
    assert seen is not None
    assert 60 <= seen < 65


@pytest.mark.usefixtures("empty_database")
def test_what_nobody_takes_out_of_the_outbox_shows(system_database: Database) -> None:
    with system_database.write() as session:
        session.execute(
            text(
                "INSERT INTO outbox (name, payload, announced_at) VALUES ('X', '{}', now() - interval '30 s')"
            )
        )
    assert 30 <= measure_health(system_database).outbox_lag_s < 35


def test_a_database_that_is_gone_is_said_and_not_raised() -> None:
    gone = Database("postgresql+psycopg://nobody:x@127.0.0.1:1/nothing", pool_size=1)
    assert measure_health(gone).status == "database_down"
    gone.close()
