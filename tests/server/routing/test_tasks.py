"""The tasks as the worker runs them: ids in, one alert out, however often."""

from types import SimpleNamespace
from typing import Any

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.routing.tasks import raise_alert_of, raise_missing_alerts
from tests.kit.chain import announced, grade_event
from tests.kit.clock import FakeClock
from tests.kit.organisation import make_academy


def test_both_tasks_twice_raise_one_alert(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock
) -> None:
    event_id = grade_event((database, system_database), clock, keyring, make_academy(system_database))
    parts = SimpleNamespace(system_database=system_database, clock=clock)
    task: Any = SimpleNamespace(app=SimpleNamespace(parts=parts))
    for _ in range(2):
        raise_alert_of.run.__func__(task, str(event_id))
        clock.advance(seconds=30)
        raise_missing_alerts.run.__func__(task)
    assert announced(system_database, "AlertRaised", event_id) == 1
