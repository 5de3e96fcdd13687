"""The purge runs from the schedule under the name it is known by."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server.kit.db import Database
from server.retention.tasks import purge_technical
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.tasks import run_task

pytestmark = pytest.mark.usefixtures("empty_database")


def test_what_is_due_goes(system_database: Database, clock: FakeClock) -> None:
    with system_database.write() as session:
        session.execute(
            text("INSERT INTO sign_in_attempt (email_sha256, at, succeeded) VALUES ('x', :at, false)"),
            {"at": MONDAY - timedelta(days=31)},
        )
    run_task(purge_technical, system_database, clock)
    with system_database.read() as session:
        assert session.execute(text("SELECT count(*) FROM sign_in_attempt")).scalar_one() == 0
    assert purge_technical.name == "retention.purge"
