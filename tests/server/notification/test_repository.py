"""The scan takes what is due and unanswered, gravest first, and leaves to others what they hold."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from server.kit.db import Database
from server.notification.repository import lock_due, mark_told
from tests.kit.clock import FakeClock


def test_due_alerts_gravest_first_and_each_to_one_process(
    system_database: Database, clock: FakeClock, raise_level: Callable[[int], UUID]
) -> None:
    three, five = raise_level(3), raise_level(5)
    with system_database.write() as session:
        assert lock_due(session, clock.now()) == []
    later = clock.now() + timedelta(seconds=10)
    with system_database.write() as first, system_database.write() as second:
        assert [alert.id for alert in lock_due(first, later, limit=1)] == [five]
        assert [alert.id for alert in lock_due(second, later)] == [three]


def test_an_alert_is_told_once(
    system_database: Database, clock: FakeClock, raise_level: Callable[[int], UUID]
) -> None:
    alert_id = raise_level(4)
    with system_database.write() as session:
        alert = mark_told(session, alert_id, at=clock.now())
        assert alert is not None
        assert alert.state == "told"
    with system_database.write() as session:
        assert mark_told(session, alert_id, at=clock.now()) is None
