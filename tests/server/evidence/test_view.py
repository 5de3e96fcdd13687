"""Who may open what: by row-level security alone, for bodies, screenshots and the keys beneath them."""

import asyncio
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from server.evidence.blob_store import FolderBlobStore
from server.evidence.domain import EventNotFoundError, ScreenshotRefusedError
from server.evidence.store_screenshot import SentScreenshot, store_screenshot
from server.evidence.view import open_body, open_message, open_screenshot, seal_message
from server.ingest.receive import receiving
from server.kit.database_urls import for_libpq
from server.kit.db import Database
from server.kit.sealing import Keyring, SealError, ShreddedError
from server.organisation.domain import Role
from shared.event import MAX_SCREENSHOT_BYTES
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.devices import PNG, Device, a_body, make_device
from tests.kit.organisation import Academy, Staff, Trust, actor_for, make_academy, make_staff

Make = Callable[..., UUID]


@pytest.fixture
def device(system_database: Database, clock: FakeClock, keyring: Keyring) -> Device:
    return make_device(system_database, clock, keyring)


@pytest.fixture
def receive(
    system_url: str,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    blobs: FolderBlobStore,
    device: Device,
) -> Make:
    """Lets an event arrive for real, with a screenshot unless told otherwise, and an alert if wanted."""

    def arrive(*, picture: bytes | None = PNG, alert: bool = False) -> UUID:
        event_id = device.item().header.id
        sha256, sealed = device.screenshot(event_id, picture or PNG)
        raw = device.batch(device.item(event_id=event_id, evidence_sha256=sha256 if picture else None))

        deliver(system_url, keyring, clock, device, raw)
        if picture:
            sent = SentScreenshot(device.id, event_id, sha256, sealed)
            with system_database.write() as session:
                assert store_screenshot(session, clock, sent, keyring=keyring, blobs=blobs)
        if alert:
            raise_alert(system_database, device.academy, event_id)
        return event_id

    return arrive


def deliver(system_url: str, keyring: Keyring, clock: FakeClock, device: Device, raw: bytes) -> None:
    async def scene() -> None:
        async with receiving(for_libpq(system_url), keyring, clock) as receiver:
            await receiver.receive(raw, device.sender)

    asyncio.run(scene())


def raise_alert(system_database: Database, academy: Academy, event_id: UUID) -> None:
    moderator = make_staff(system_database, Role.MODERATOR)
    values = {
        "id": uuid4(),
        "alert": uuid4(),
        "event": event_id,
        "trust": academy.trust_id,
        "academy": academy.id,
        "moderator": moderator.id,
        "at": MONDAY,
    }
    with system_database.write() as session:
        session.execute(
            text(
                "INSERT INTO grade (id, event_id, trust_id, academy_id, moderator_id, category, theme, severity,"
                " message, subject_role, authenticity, immediacy, call_required, graded_at) VALUES (:id, :event,"
                " :trust, :academy, :moderator, 'VP', 'T05', 4, '', 'self_at_risk', 'genuine', 'now', false, :at)"
            ),
            values,
        )
        session.execute(
            text(
                "INSERT INTO alert (id, event_id, grade_id, academy_id, trust_id, category, theme, severity,"
                " occurred_at, raised_at) VALUES (:alert, :event, :id, :academy, :trust, 'VP', 'T05', 4, :at, :at)"
            ),
            values,
        )


def scope_of(system_database: Database, staff: Staff) -> dict[str, str]:
    return actor_for(system_database, staff).database_scope()


def moderator_of(system_database: Database, device: Device) -> Staff:
    return make_staff(system_database, Role.MODERATOR, trust=Trust(device.academy.trust_id, ""))


def test_a_moderator_of_the_trust_opens_body_and_screenshot(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    blobs: FolderBlobStore,
    device: Device,
    receive: Make,
) -> None:
    event_id = receive()
    with database.read(scope_of(system_database, moderator_of(system_database, device))) as session:
        assert open_body(session, keyring, event_id) == a_body()
        assert open_screenshot(session, keyring, blobs, event_id) == (PNG, "image/png")


@pytest.mark.parametrize(
    "role", [Role.MODERATOR, Role.MODERATION_LEAD, Role.DSL, Role.DEPUTY_DSL, Role.TRUST_OFFICER]
)
def test_nobody_of_another_trust_sees_a_row_or_a_key(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    blobs: FolderBlobStore,
    receive: Make,
    role: Role,
) -> None:
    event_id = receive(alert=True)
    with database.read(scope_of(system_database, make_staff(system_database, role))) as session:
        with pytest.raises(EventNotFoundError):
            open_body(session, keyring, event_id)
        assert open_screenshot(session, keyring, blobs, event_id) is None
        for table in ("event", "evidence", "record_key"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_without_a_scope_there_is_no_key(database: Database, receive: Make) -> None:
    receive(alert=True)
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM record_key")).scalar_one() == 0


def test_a_dsl_opens_only_what_became_their_alert(
    database: Database, system_database: Database, keyring: Keyring, device: Device, receive: Make
) -> None:
    told, untold = receive(alert=True), receive()
    scope = scope_of(system_database, make_staff(system_database, Role.DSL, academy=device.academy))
    with database.read(scope) as session:
        assert open_body(session, keyring, told) == a_body()
        with pytest.raises(EventNotFoundError):
            open_body(session, keyring, untold)
        assert session.execute(text("SELECT count(*) FROM record_key")).scalar_one() == 1


def test_people_cannot_write_keys_or_evidence(
    database: Database, system_database: Database, device: Device, receive: Make
) -> None:
    receive(alert=True)
    scope = scope_of(system_database, moderator_of(system_database, device))
    for statement in (
        "UPDATE record_key SET wrapped = ''",
        "DELETE FROM record_key",
        "DELETE FROM evidence",
        "UPDATE event SET severity = 1",
        "SELECT * FROM student_account",
    ):
        with pytest.raises(Exception, match="permission denied"), database.write(scope) as session:
            session.execute(text(statement))


def test_destroying_the_key_destroys_all_of_it(
    system_database: Database, keyring: Keyring, blobs: FolderBlobStore, receive: Make
) -> None:
    event_id = receive()
    with system_database.write() as session:
        message = seal_message(session, keyring, event_id, "please ring the school")
        assert open_message(session, keyring, event_id, message) == "please ring the school"
        session.execute(
            text(
                "UPDATE record_key SET wrapped = NULL, destroyed_at = now()"
                " WHERE id = (SELECT key_id FROM event WHERE id = :id)"
            ),
            {"id": event_id},
        )
    with system_database.read() as session:
        for attempt in (
            lambda: open_body(session, keyring, event_id),
            lambda: open_screenshot(session, keyring, blobs, event_id),
            lambda: open_message(session, keyring, event_id, message),
        ):
            with pytest.raises(ShreddedError):
                attempt()


def test_a_message_is_bound_to_its_event(system_database: Database, keyring: Keyring, receive: Make) -> None:
    one, other = receive(picture=None), receive(picture=None)
    with system_database.read() as session:
        sealed = seal_message(session, keyring, one, "short note here")
        with pytest.raises(SealError):
            open_message(session, keyring, other, sealed)


def test_a_screenshot_that_has_not_arrived_or_was_lost_is_none(
    system_database: Database, keyring: Keyring, blobs: FolderBlobStore, receive: Make
) -> None:
    without, lost = receive(picture=None), receive()
    with system_database.read() as session:
        assert open_screenshot(session, keyring, blobs, without) is None
        name = session.execute(text("SELECT blob_name FROM evidence WHERE event_id = :id"), {"id": lost})
        blobs.delete(name.scalar_one())
        assert open_screenshot(session, keyring, blobs, lost) is None


@pytest.mark.parametrize(
    ("picture", "content_type"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(MAX_SCREENSHOT_BYTES - 8), "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(100), "image/webp"),
    ],
)
def test_three_formats_are_kept_up_to_the_limit(
    system_database: Database,
    keyring: Keyring,
    blobs: FolderBlobStore,
    receive: Make,
    picture: bytes,
    content_type: str,
) -> None:
    event_id = receive(picture=picture)
    with system_database.read() as session:
        assert open_screenshot(session, keyring, blobs, event_id) == (picture, content_type)


@pytest.mark.parametrize(
    "picture",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(MAX_SCREENSHOT_BYTES - 7),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(20),
        b"%PDF-1.7",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"",
    ],
)
def test_other_pictures_are_refused(receive: Make, picture: bytes) -> None:
    with pytest.raises(ScreenshotRefusedError):
        receive(picture=picture or b"x")


def test_only_the_promised_screenshot_of_the_own_event_is_taken(
    system_database: Database,
    clock: FakeClock,
    keyring: Keyring,
    blobs: FolderBlobStore,
    device: Device,
    receive: Make,
) -> None:
    event_id = receive()
    sha256, sealed = device.screenshot(event_id)
    other = make_device(system_database, clock, keyring)
    cases: list[tuple[SentScreenshot, type[Exception]]] = [
        (SentScreenshot(device.id, event_id, sha256, sealed), ScreenshotRefusedError),
        (SentScreenshot(device.id, event_id, sha256, sealed + b"x"), ScreenshotRefusedError),
        (SentScreenshot(device.id, uuid4(), sha256, sealed), EventNotFoundError),
        (SentScreenshot(other.id, event_id, sha256, sealed), EventNotFoundError),
    ]
    for sent, error in cases:
        with pytest.raises(error), system_database.write() as session:
            store_screenshot(session, clock, sent, keyring=keyring, blobs=blobs)


def test_a_screenshot_waits_for_its_event_and_is_kept_once(
    system_database: Database,
    system_url: str,
    clock: FakeClock,
    keyring: Keyring,
    blobs: FolderBlobStore,
    device: Device,
) -> None:
    event_id = device.item().header.id
    sha256, sealed = device.screenshot(event_id)
    sent = SentScreenshot(device.id, event_id, sha256, sealed)
    with pytest.raises(EventNotFoundError), system_database.write() as session:
        store_screenshot(session, clock, sent, keyring=keyring, blobs=blobs)
    deliver(
        system_url,
        keyring,
        clock,
        device,
        device.batch(device.item(event_id=event_id, evidence_sha256=sha256)),
    )
    for is_new in (True, False):
        with system_database.write() as session:
            assert store_screenshot(session, clock, sent, keyring=keyring, blobs=blobs) is is_new


def audits(system_database: Database, event_id: UUID) -> list[tuple[UUID, str]]:
    with system_database.read() as session:
        found = session.execute(
            text("SELECT actor_id, verb FROM audit_entry WHERE subject_id = :id ORDER BY id"),
            {"id": event_id},
        )
        return [(row.actor_id, row.verb) for row in found]


def test_the_dsls_door_shows_and_audits(
    system_database: Database, client_of: Callable[[Staff], TestClient], device: Device, receive: Make
) -> None:
    event_id = receive(alert=True)
    dsl = make_staff(system_database, Role.DSL, academy=device.academy)
    answer = client_of(dsl).get(f"/api/evidence/{event_id}/screenshot")
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["content-type"] == "image/png"
    assert "no-store" in answer.headers["cache-control"]
    assert audits(system_database, event_id) == [(dsl.id, "read_screenshot")]


def test_the_dsls_door_is_closed_to_everybody_else_and_leaves_no_audit(
    system_database: Database,
    client: TestClient,
    client_of: Callable[[Staff], TestClient],
    device: Device,
    receive: Make,
) -> None:
    event_id, not_told = receive(alert=True), receive()
    path = f"/api/evidence/{event_id}/screenshot"
    dsl = make_staff(system_database, Role.DSL, academy=device.academy)
    elsewhere = make_staff(system_database, Role.DSL, academy=make_academy(system_database))
    officer = make_staff(system_database, Role.TRUST_OFFICER, trust=Trust(device.academy.trust_id, ""))
    assert client.get(path).status_code == 401
    assert client_of(elsewhere).get(path).status_code == 404
    assert client_of(moderator_of(system_database, device)).get(path).status_code == 404
    assert client_of(officer).get(path).status_code == 403
    assert client_of(dsl).get(f"/api/evidence/{not_told}/screenshot").status_code == 404
    assert audits(system_database, event_id) == []
