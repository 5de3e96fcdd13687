"""Exactly one effect per event, whatever devices repeat, race, forge or break."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text

from server.enrolment.domain import DeviceRefusedError
from server.enrolment.revoke_device import revoke_device
from server.evidence.view import open_body
from server.ingest.domain import CLOCK_IMPLAUSIBLE, MAX_SEALED_BODY_CHARS, UnavailableError
from server.ingest.receive import Receiver, receiving
from server.ingest.unpack import FrameTooLargeError, MalformedError, ProtocolError
from server.kit.database_urls import for_libpq
from server.kit.db import Database
from server.kit.sealing import Keyring
from shared.event import EventBody
from shared.taxonomy import AgeBand, Severity
from shared.wire import (
    MAX_BATCH_ITEMS,
    MAX_FRAME_BYTES,
    AckFrame,
    EventItem,
    Result,
    WelcomeFrame,
    encode,
    encode_body,
)
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.devices import PASSAGE, Device, a_body, make_device, make_student
from tests.kit.organisation import make_academy

Play = Callable[[Callable[[Receiver], Awaitable[Any]]], Any]


@pytest.fixture
def device(system_database: Database, clock: FakeClock, keyring: Keyring) -> Device:
    return make_device(system_database, clock, keyring)


@pytest.fixture
def play(system_url: str, keyring: Keyring, clock: FakeClock) -> Play:
    """Runs a scene against a Receiver of its own."""

    def run(scene: Callable[[Receiver], Awaitable[Any]]) -> Any:
        async def opened() -> Any:
            async with receiving(for_libpq(system_url), keyring, clock) as receiver:
                return await scene(receiver)

        return asyncio.run(opened())

    return run


def results(ack: AckFrame | WelcomeFrame) -> list[tuple[UUID, Result, str]]:
    assert isinstance(ack, AckFrame)
    return [(one.id, one.result, one.code) for one in ack.results]


def send(play: Play, device: Device, *batches: bytes) -> list[AckFrame]:
    async def scene(receiver: Receiver) -> list[Any]:
        return [await receiver.receive(raw, device.sender) for raw in batches]

    acks: list[AckFrame] = play(scene)
    return acks


def rows(system_database: Database, statement: str, **values: object) -> list[dict[str, Any]]:
    with system_database.read() as session:
        return [dict(row) for row in session.execute(text(statement), values).mappings()]


def effects(system_database: Database, event_id: UUID) -> tuple[int, int, int, int]:
    """How many events, keys, review items and messages an event left behind."""
    counts = rows(
        system_database,
        "SELECT (SELECT count(*) FROM event WHERE id = :id) AS events,"
        " (SELECT count(*) FROM record_key k JOIN event e ON e.key_id = k.id WHERE e.id = :id) AS keys,"
        " (SELECT count(*) FROM review_item WHERE event_id = :id) AS reviews,"
        " (SELECT count(*) FROM outbox WHERE name = 'EventReceived' AND payload->>'event_id' = :text) AS messages",
        id=event_id,
        text=str(event_id),
    )[0]
    return counts["events"], counts["keys"], counts["reviews"], counts["messages"]


def letters(system_database: Database, device: Device) -> list[tuple[UUID | None, str]]:
    found = rows(
        system_database,
        "SELECT event_id, code FROM dead_letter WHERE device_id = :id ORDER BY id",
        id=device.id,
    )
    return [(row["event_id"], row["code"]) for row in found]


def test_an_event_becomes_row_key_review_and_message(
    system_database: Database, keyring: Keyring, play: Play, device: Device
) -> None:
    student_id = make_student(system_database, device.academy, pseudonym=uuid4().hex[:6].upper())
    item = device.item(severity=Severity.LEVEL_4, account="SCHOOL\\MOkafor")
    [ack] = send(play, device, device.batch(item))
    assert results(ack) == [(item.header.id, Result.ACCEPTED, "")]
    assert effects(system_database, item.header.id) == (1, 1, 1, 1)
    [event] = rows(system_database, "SELECT * FROM event WHERE id = :id", id=item.header.id)
    assert event["student_id"] == student_id
    assert event["student_pseudonym"]
    assert event["age_band"] == AgeBand.AGE_11_16
    assert (event["trust_id"], event["academy_id"]) == (device.academy.trust_id, device.academy.id)
    assert event["received_at"] == MONDAY
    assert event["reasons"] == ["term:12"]
    assert event["application"] == "Notepad"
    assert len(event["signature"]) == 64
    assert PASSAGE.encode() not in bytes(event["body"])
    with system_database.read() as session:
        assert open_body(session, keyring, item.header.id) == a_body("SCHOOL\\MOkafor")


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


def test_a_repeated_batch_has_one_effect(system_database: Database, play: Play, device: Device) -> None:
    item = device.item()
    raw = device.batch(item)
    first, again, repacked = send(play, device, raw, raw, device.batch(item))
    assert [one[1] for one in results(first)] == [Result.ACCEPTED]
    assert [one[1] for one in results(again)] == [Result.DUPLICATE]
    assert [one[1] for one in results(repacked)] == [Result.DUPLICATE]
    assert effects(system_database, item.header.id) == (1, 1, 1, 1)


def test_twice_in_one_batch_is_once(system_database: Database, play: Play, device: Device) -> None:
    item = device.item()
    [ack] = send(play, device, device.batch(item, item))
    assert len(ack.results) == 1
    assert ack.results[0].result in {Result.ACCEPTED, Result.DUPLICATE}
    assert effects(system_database, item.header.id) == (1, 1, 1, 1)


def test_both_carriers_at_once_from_two_processes(
    system_database: Database, system_url: str, keyring: Keyring, clock: FakeClock, device: Device
) -> None:
    """Two receivers stand for two server processes; twenty overlapping batches race through both."""
    items = [device.item() for _ in range(30)]

    async def race() -> list[Any]:
        async with (
            receiving(for_libpq(system_url), keyring, clock) as one,
            receiving(for_libpq(system_url), keyring, clock) as other,
        ):
            batches = []
            for turn in range(20):
                mixed = items[turn % 30 :] + items[: turn % 30]
                raw = device.batch(*(mixed if turn % 2 else reversed(mixed)))
                batches.append((one if turn % 2 else other).receive(raw, device.sender))
            return await asyncio.gather(*batches)

    acks = asyncio.run(race())
    accepted = [one[0] for ack in acks for one in results(ack) if one[1] is Result.ACCEPTED]
    assert sorted(accepted) == sorted(item.header.id for item in items)
    assert all(one[1] in {Result.ACCEPTED, Result.DUPLICATE} for ack in acks for one in results(ack))
    for item in items:
        assert effects(system_database, item.header.id) == (1, 1, 1, 1)
    orphans = rows(
        system_database,
        "SELECT count(*) AS n FROM record_key k WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.key_id = k.id)",
    )
    assert orphans[0]["n"] == 0


def test_frames_that_wait_are_committed_together(
    system_database: Database, play: Play, device: Device
) -> None:
    async def scene(receiver: Receiver) -> list[Any]:
        raws = [device.batch(device.item()) for _ in range(40)]
        return await asyncio.gather(*(receiver.receive(raw, device.sender) for raw in raws))

    acks = play(scene)
    ids = [one[0] for ack in acks for one in results(ack)]
    transactions = rows(
        system_database,
        "SELECT count(DISTINCT xid::text) AS n FROM outbox WHERE payload->>'event_id' = ANY (:ids)",
        ids=[str(one) for one in ids],
    )
    assert len(ids) == 40
    assert transactions[0]["n"] <= 3


def forged_signature(device: Device, item: EventItem) -> bytes:
    body = json.loads(device.batch(item))
    body["items"][0]["header"]["severity"] = 1
    return json.dumps(body).encode()


def without_signature(device: Device, item: EventItem) -> bytes:
    body = json.loads(device.batch(item))
    del body["signature"]
    return json.dumps(body).encode()


def anothers_name(device: Device, item: EventItem) -> bytes:
    return encode(device.frame(item, device_id=uuid4())).encode()


@pytest.mark.parametrize("forge", [forged_signature, without_signature, anothers_name])
def test_a_frame_that_is_not_the_devices_own_is_refused_whole(
    system_database: Database, play: Play, device: Device, forge: Callable[[Device, EventItem], bytes]
) -> None:
    item = device.item()
    with pytest.raises(DeviceRefusedError):
        send(play, device, forge(device, item))
    assert effects(system_database, item.header.id) == (0, 0, 0, 0)


def test_a_newer_agents_additional_fields_are_signed_and_ignored(
    system_database: Database, play: Play, device: Device
) -> None:
    item = device.item()
    body = json.loads(encode(device.frame(item)))
    body["items"][0]["header"]["mood"] = "new"
    body["signature"] = ""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    from_key = device.key.sign(b"lantern/batch/1\n" + canonical.encode())
    body["signature"] = __import__("base64").b64encode(from_key).decode()
    [ack] = send(play, device, json.dumps(body, indent=1).encode())
    assert results(ack) == [(item.header.id, Result.ACCEPTED, "")]


def test_a_revoked_device_is_refused_from_the_next_frame_on(
    system_database: Database, clock: FakeClock, play: Play, device: Device
) -> None:
    before, after = device.item(), device.item()

    async def scene(receiver: Receiver) -> None:
        await receiver.receive(device.batch(before), device.sender)
        with system_database.write() as session:
            revoke_device(session, clock, device.id)
        for raw in (device.batch(after), device.heartbeat()):
            with pytest.raises(DeviceRefusedError):
                await receiver.receive(raw, device.sender)
        with pytest.raises(DeviceRefusedError):
            await receiver.authenticate(device.bearer()["Authorization"])

    play(scene)
    assert effects(system_database, before.header.id) == (1, 1, 1, 1)
    assert effects(system_database, after.header.id) == (0, 0, 0, 0)


def test_a_revoked_device_does_not_spoil_the_group_it_stands_in(
    system_database: Database, clock: FakeClock, keyring: Keyring, play: Play, device: Device
) -> None:
    revoked = make_device(system_database, clock, keyring)
    with system_database.write() as session:
        revoke_device(session, clock, revoked.id)
    good = device.item()

    async def scene(receiver: Receiver) -> list[Any]:
        return await asyncio.gather(
            receiver.receive(revoked.batch(revoked.item()), revoked.sender),
            receiver.receive(device.batch(good), device.sender),
            return_exceptions=True,
        )

    refused, ack = play(scene)
    assert isinstance(refused, DeviceRefusedError)
    assert results(ack) == [(good.header.id, Result.ACCEPTED, "")]


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


def signed(device: Device, body: dict[str, Any]) -> bytes:
    body["signature"] = ""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    body["signature"] = (
        __import__("base64").b64encode(device.key.sign(b"lantern/batch/1\n" + canonical.encode())).decode()
    )
    return json.dumps(body).encode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("theme", "T77"),
        ("severity", 9),
        ("probability", 7.0),
        ("occurred_at", "yesterday"),
        ("evidence_sha256", {"a": 1}),
        ("schema", 10**9),
    ],
)
def test_a_header_this_server_cannot_read_is_refused_alone(
    system_database: Database, play: Play, device: Device, field: str, value: object
) -> None:
    good, strange = device.item(), device.item()
    body = json.loads(encode(device.frame(good, strange)))
    body["items"][1]["header"][field] = value
    [ack] = send(play, device, signed(device, body))
    assert results(ack) == [
        (good.header.id, Result.ACCEPTED, ""),
        (strange.header.id, Result.REJECTED, "bad_header"),
    ]
    assert letters(system_database, device) == [(strange.header.id, "bad_header")]


@pytest.mark.parametrize(
    "broken",
    [
        {"items": [{"header": {}}]},
        {"items": [7]},
        {"batch_id": "no"},
        {"items": "no"},
        {"sent_at": 4},
    ],
)
def test_a_frame_without_readable_ids_is_malformed(
    play: Play, device: Device, broken: dict[str, object]
) -> None:
    body = json.loads(encode(device.frame(device.item())))
    with pytest.raises(MalformedError):
        send(play, device, signed(device, {**body, **broken}))


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 200_000])
def test_what_is_no_json_object_is_malformed(play: Play, device: Device, raw: bytes) -> None:
    with pytest.raises(MalformedError):
        send(play, device, raw)


def test_another_protocol_version_is_told_so(play: Play, device: Device) -> None:
    body = json.loads(encode(device.frame(device.item())))
    with pytest.raises(ProtocolError):
        send(play, device, signed(device, {**body, "v": 2}))


def test_the_largest_batch_is_taken_and_one_more_is_not(
    system_database: Database, play: Play, device: Device
) -> None:
    items = [device.item() for _ in range(MAX_BATCH_ITEMS)]
    [ack] = send(play, device, device.batch(*items))
    assert {one[1] for one in results(ack)} == {Result.ACCEPTED}
    assert len(ack.results) == MAX_BATCH_ITEMS
    with pytest.raises(FrameTooLargeError):
        send(play, device, device.batch(*items, device.item()))
    with pytest.raises(FrameTooLargeError):
        send(play, device, b"{" + b" " * MAX_FRAME_BYTES)


def test_text_that_no_table_can_hold_does_not_stop_an_event(
    system_database: Database, keyring: Keyring, play: Play, device: Device
) -> None:
    odd = EventBody("a\x00b", "", "Note\x00pad\ud800", "", "who\x00\ud800ever")
    plain = json.dumps(
        json.loads(encode_body(a_body())) | {"application": odd.application, "account": odd.account}
    )
    item = device.item(body=plain.encode(), reasons=("term:1\x00\x1f2", "\x00"))
    [ack] = send(play, device, device.batch(item))
    assert results(ack) == [(item.header.id, Result.ACCEPTED, "")]
    [event] = rows(system_database, "SELECT * FROM event WHERE id = :id", id=item.header.id)
    assert (event["application"], event["reasons"]) == ("Notepad", ["term:12"])


@pytest.mark.parametrize("year", [1, 1970, 9999])
def test_a_device_whose_clock_is_wrong_is_still_heard(
    system_database: Database, play: Play, device: Device, year: int
) -> None:
    item = device.item(occurred_at=datetime(year, 1, 1, 12, tzinfo=UTC))
    send(play, device, device.batch(item))
    [event] = rows(system_database, "SELECT * FROM event WHERE id = :id", id=item.header.id)
    assert event["occurred_at"] == MONDAY
    assert event["reasons"] == ["term:12", CLOCK_IMPLAUSIBLE]


def test_an_id_that_another_device_has_used_is_refused(
    system_database: Database, clock: FakeClock, keyring: Keyring, play: Play, device: Device
) -> None:
    item = device.item()
    thief = make_device(system_database, clock, keyring)
    send(play, device, device.batch(item))
    [ack] = send(play, thief, thief.batch(thief.item(event_id=item.header.id)))
    assert results(ack) == [(item.header.id, Result.REJECTED, "id_taken")]
    assert letters(system_database, thief) == [(item.header.id, "id_taken")]


def test_a_row_the_database_refuses_is_found_and_set_aside(
    system_database: Database, owner_url: str, play: Play, device: Device
) -> None:
    """A rule that only the database knows makes one item of a group impossible to store."""
    good = [device.item() for _ in range(4)]
    bad = device.item()
    with asyncio.Runner() as runner:
        libpq = for_libpq(owner_url)

        async def rule(statement: str) -> None:
            link = await asyncpg.connect(libpq)
            await link.execute(statement)
            await link.close()

        runner.run(
            rule(f"ALTER TABLE event ADD CONSTRAINT refused CHECK (id <> '{bad.header.id}') NOT VALID")
        )
        try:
            [ack] = send(play, device, device.batch(good[0], good[1], bad, good[2], good[3]))
        finally:
            runner.run(rule("ALTER TABLE event DROP CONSTRAINT refused"))
    found = {one[0]: one[1:] for one in results(ack)}
    assert found.pop(bad.header.id) == (Result.REJECTED, "unstorable")
    assert set(found.values()) == {(Result.ACCEPTED, "")}
    assert letters(system_database, device) == [(bad.header.id, "unstorable")]


def test_heartbeats_renew_the_device(
    system_database: Database, clock: FakeClock, play: Play, device: Device
) -> None:
    later = clock.advance(minutes=5)

    async def scene(receiver: Receiver) -> list[Any]:
        beats = [device.heartbeat(state=state, reasons=("a\x00", "b")) for state in ("paused", "watching")]
        return await asyncio.gather(*(receiver.receive(raw, device.sender) for raw in beats))

    for welcome in play(scene):
        assert isinstance(welcome, WelcomeFrame)
        assert (welcome.server_time, welcome.policy["version"]) == (later, 1)
    [row] = rows(system_database, "SELECT * FROM device WHERE id = :id", id=device.id)
    assert (row["state"], row["agent_version"], row["last_seen_at"]) == ("watching", "1.2.0", later)
    assert (row["counters"], row["reasons"]) == ({"flags": 3}, ["a", "b"])


def test_a_heartbeat_in_anothers_name_is_refused(play: Play, device: Device) -> None:
    with pytest.raises(DeviceRefusedError):
        send(play, device, device.heartbeat(device_id=uuid4()))


@asynccontextmanager
async def held_table(libpq: str) -> AsyncIterator[asyncpg.Connection]:
    """While this is open no one can write a review item: commits hang in the middle."""
    link = await asyncpg.connect(libpq)
    hold = link.transaction()
    await hold.start()
    await link.execute("LOCK TABLE review_item IN SHARE MODE")
    try:
        yield link
    finally:
        await hold.rollback()
        await link.close()


async def writers(link: asyncpg.Connection) -> list[int]:
    """Server processes of ingest that wait in the middle of storing events."""
    for _ in range(200):
        found = await link.fetch(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'lantern-ingest'"
            " AND datname = current_database() AND wait_event_type = 'Lock'"
        )
        if found:
            return [row["pid"] for row in found]
        await asyncio.sleep(0.02)
    raise AssertionError("nobody is writing")


def test_nothing_is_acknowledged_before_the_commit_and_a_cut_leaves_nothing(
    system_database: Database, owner_url: str, play: Play, device: Device
) -> None:
    """The connection is cut in the middle of the transaction; the device hears "later" and sends again."""
    item = device.item()
    raw = device.batch(item)

    async def scene(receiver: Receiver) -> Any:
        async with held_table(for_libpq(owner_url)) as link:
            answer = asyncio.create_task(receiver.receive(raw, device.sender))
            pids = await writers(link)
            assert not answer.done()
            assert await link.fetchval("SELECT count(*) FROM event WHERE id = $1", item.header.id) == 0
            for pid in pids:
                await link.execute("SELECT pg_terminate_backend($1)", pid)
            with pytest.raises(UnavailableError):
                await answer
            assert effects(system_database, item.header.id) == (0, 0, 0, 0)
            assert receiver.writer.failures == 1
        return await receiver.receive(raw, device.sender)

    assert results(play(scene)) == [(item.header.id, Result.ACCEPTED, "")]
    assert effects(system_database, item.header.id) == (1, 1, 1, 1)


def test_an_ack_lost_after_the_commit_costs_nothing(
    system_database: Database, owner_url: str, play: Play, device: Device
) -> None:
    """The device goes away while its batch is written; it was committed, and sending again finds it."""
    item = device.item()
    raw = device.batch(item)

    async def scene(receiver: Receiver) -> Any:
        async with held_table(for_libpq(owner_url)) as link:
            gone = asyncio.create_task(receiver.receive(raw, device.sender))
            await writers(link)
            gone.cancel()
        while effects(system_database, item.header.id)[0] == 0:
            await asyncio.sleep(0.02)
        return await receiver.receive(raw, device.sender)

    assert results(play(scene)) == [(item.header.id, Result.DUPLICATE, "")]
    assert effects(system_database, item.header.id) == (1, 1, 1, 1)
