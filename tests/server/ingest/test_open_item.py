"""What cannot be opened or read is refused by a code; what can is stored whatever else is odd about it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from server.ingest.domain import CLOCK_IMPLAUSIBLE, MAX_SEALED_BODY_CHARS
from server.kit.db import Database
from server.kit.sealing import Keyring
from shared.event import EventBody
from shared.wire import (
    EventItem,
    Result,
    encode_body,
)
from tests.kit.clock import MONDAY
from tests.kit.devices import PASSAGE, Device, a_body
from tests.kit.ingest import Play, effects, letters, results, rows, send


def other_key(device: Device) -> EventItem:
    return Device(device.sender, device.academy, device.key, Keyring(bytes(32))).item()


def swapped_body(device: Device) -> EventItem:
    """A sound seal, moved under another event's header."""
    return EventItem(device.item().header, device.item().sealed_body)


POISON: list[tuple[str, Callable[[Device], EventItem]]] = [
    ("bad_seal", other_key),
    ("bad_seal", swapped_body),
    ("bad_seal", lambda device: EventItem(device.item().header, "not base64!")),
    ("bad_seal", lambda device: EventItem(device.item().header, "")),
    ("bad_body", lambda device: device.item(body=b"not json")),
    ("bad_body", lambda device: device.item(body=b"[]")),
    ("bad_body", lambda device: device.item(body=b'{"passage": "x"}')),
    ("bad_body", lambda device: device.item(body=b"[" * 100_000)),
    (
        "bad_body",
        lambda device: device.item(body=encode_body(a_body()).replace(b'"end": 24', b'"end": Infinity')),
    ),
    (
        "bad_body",
        lambda device: device.item(body=encode_body(a_body()).replace(PASSAGE.encode(), b"a" * 4_001)),
    ),
    ("too_large", lambda device: EventItem(device.item().header, "A" * (MAX_SEALED_BODY_CHARS + 4))),
    ("bad_header", lambda device: device.item(evidence_sha256="../../etc/passwd")),
]


@pytest.mark.parametrize(("code", "make_poison"), POISON)
def test_a_poisonous_item_never_blocks_the_good_ones(
    system_database: Database,
    play: Play,
    device: Device,
    code: str,
    make_poison: Callable[[Device], EventItem],
) -> None:
    first, poison, last = device.item(), make_poison(device), device.item()
    [ack] = send(play, device, device.batch(first, poison, last))
    assert results(ack) == [
        (first.header.id, Result.ACCEPTED, ""),
        (poison.header.id, Result.REJECTED, code),
        (last.header.id, Result.ACCEPTED, ""),
    ]
    assert letters(system_database, device) == [(poison.header.id, code)]
    assert effects(system_database, poison.header.id) == (0, 0, 0, 0)
    assert effects(system_database, last.header.id) == (1, 1, 1, 1)


def test_text_that_no_table_can_hold_does_not_stop_an_event(
    system_database: Database, keyring: Keyring, play: Play, device: Device
) -> None:
    odd = EventBody("a\x00b", "", "Note\x00pad\ud800", "", "who\x00\ud800ever")
    plain = json.dumps(
        json.loads(encode_body(a_body())) | {"application": odd.application, "account": odd.account}
    )
    item = device.item(body=plain.encode(), reasons=("term:1\x1f2", "\x1f"))
    [ack] = send(play, device, device.batch(item))
    assert results(ack) == [(item.header.id, Result.ACCEPTED, "")]
    [event] = rows(system_database, "SELECT * FROM event WHERE id = :id", id=item.header.id)
    assert (event["application"], event["reasons"]) == ("Note\ufffdpad\ufffd", ["term:12"])


@pytest.mark.parametrize("year", [1, 1970, 9999])
def test_a_device_whose_clock_is_wrong_is_still_heard(
    system_database: Database, play: Play, device: Device, year: int
) -> None:
    item = device.item(occurred_at=datetime(year, 1, 1, 12, tzinfo=UTC))
    send(play, device, device.batch(item))
    [event] = rows(system_database, "SELECT * FROM event WHERE id = :id", id=item.header.id)
    assert event["occurred_at"] == MONDAY
    assert event["reasons"] == ["term:12", CLOCK_IMPLAUSIBLE]
