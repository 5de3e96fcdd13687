"""What a stored event and a heartbeat leave in each table."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from server.ingest.domain import unreviewed_at
from server.ingest.messages import EventReceived
from server.ingest.receive import Receiver
from server.kit.db import Database
from server.kit.outbox import to_payload
from shared.taxonomy import Severity
from shared.wire import (
    WelcomeFrame,
)
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.devices import Device, make_student
from tests.kit.ingest import Play, rows, send
from tests.kit.organisation import make_academy


def test_an_unknown_account_is_stored_without_a_student(
    system_database: Database, play: Play, device: Device
) -> None:
    item = device.item(account="kiosk")
    send(play, device, device.batch(item))
    [event] = rows(system_database, "SELECT * FROM event WHERE id = :id", id=item.header.id)
    assert (event["student_id"], event["student_pseudonym"], event["age_band"]) == (None, "", "unknown")


def test_the_same_account_at_another_academy_is_somebody_else(
    system_database: Database, play: Play, device: Device
) -> None:
    make_student(system_database, make_academy(system_database), account="shared.name")
    item = device.item(account="shared.name")
    send(play, device, device.batch(item))
    [event] = rows(system_database, "SELECT student_id FROM event WHERE id = :id", id=item.header.id)
    assert event["student_id"] is None


def test_heartbeats_renew_the_device(
    system_database: Database, clock: FakeClock, play: Play, device: Device
) -> None:
    later = clock.advance(minutes=5)

    async def scene(receiver: Receiver) -> list[Any]:
        beats = [device.heartbeat(state=state, reasons=("a\x1f", "b")) for state in ("paused", "watching")]
        return await asyncio.gather(*(receiver.receive(raw, device.sender) for raw in beats))

    for welcome in play(scene):
        assert isinstance(welcome, WelcomeFrame)
        assert (welcome.server_time, welcome.policy["version"]) == (later, 1)
    [row] = rows(system_database, "SELECT * FROM device WHERE id = :id", id=device.id)
    assert (row["state"], row["agent_version"], row["last_seen_at"]) == ("watching", "1.2.0", later)
    assert (row["counters"], row["reasons"]) == ({"flags": 3}, ["a", "b"])


@pytest.mark.parametrize(
    ("severity", "band", "within"),
    [
        (Severity.LEVEL_5, 0, timedelta(minutes=2)),
        (Severity.LEVEL_4, 1, timedelta(minutes=15)),
        (Severity.LEVEL_3, 2, timedelta(minutes=60)),
        (Severity.LEVEL_2, 2, timedelta(hours=8)),
        (Severity.LEVEL_1, 2, timedelta(hours=24)),
    ],
)
def test_the_queue_is_told_how_soon(
    system_database: Database, play: Play, device: Device, severity: Severity, band: int, within: timedelta
) -> None:
    item = device.item(severity=severity)
    send(play, device, device.batch(item))
    [review] = rows(system_database, "SELECT * FROM review_item WHERE event_id = :id", id=item.header.id)
    assert (review["band"], review["sort_at"]) == (band, MONDAY + within)
    assert (review["state"], review["received_at"]) == ("queued", MONDAY)
    deadlines = rows(
        system_database, "SELECT due_at FROM review_deadline WHERE event_id = :id", id=item.header.id
    )
    due_at = unreviewed_at(severity, MONDAY)
    assert [one["due_at"] for one in deadlines] == ([due_at] if due_at else [])


def test_the_message_is_what_any_room_would_announce(
    system_database: Database, play: Play, device: Device
) -> None:
    item = device.item()
    send(play, device, device.batch(item))
    message = EventReceived(item.header.id, device.academy.trust_id, device.academy.id, MONDAY, MONDAY)
    [row] = rows(
        system_database, "SELECT * FROM outbox WHERE payload->>'event_id' = :id", id=str(item.header.id)
    )
    assert (row["name"], row["payload"]) == ("EventReceived", to_payload(message))
    assert (row["trust_id"], row["academy_id"]) == (message.trust_id, message.academy_id)
