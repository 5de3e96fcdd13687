"""The tasks as the worker runs them: ids in, one alert out, however often."""

from types import SimpleNamespace
from typing import Any

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.routing.tasks import (
    attach_review_of,
    raise_alert_of,
    raise_missing_alerts,
    raise_unreviewed_alerts,
)
from shared.taxonomy import Severity
from tests.kit.chain import announced, decide_event, grade_event
from tests.kit.clock import FakeClock
from tests.kit.live_queue import queue_event
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


def test_sent_unreviewed_and_dismissed_later_it_is_one_alert_that_ended(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock
) -> None:
    academy = make_academy(system_database)
    event_id = queue_event(system_database, keyring, academy, severity=Severity.LEVEL_5)
    parts = SimpleNamespace(system_database=system_database, clock=clock)
    task: Any = SimpleNamespace(app=SimpleNamespace(parts=parts))
    clock.advance(minutes=10)
    raise_unreviewed_alerts.run.__func__(task)
    decide_event((database, system_database), clock, keyring, academy, event_id)
    for _ in range(2):
        attach_review_of.run.__func__(task, str(event_id))
        raise_unreviewed_alerts.run.__func__(task)
    for name in ("AlertRaised", "EventSentUnreviewed", "AlertReviewed", "AlertClosed"):
        assert announced(system_database, name, event_id) == 1
