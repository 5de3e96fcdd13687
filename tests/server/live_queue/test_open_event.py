"""A moderator reads what they hold, without a name, and every reading is in the audit."""

import hashlib
from uuid import UUID

import pytest
from sqlalchemy import text

from server.access.scope import Actor
from server.evidence.blob_store import FolderBlobStore
from server.evidence.domain import screenshot_aad
from server.evidence.repository import find_key
from server.kit.db import Database
from server.kit.sealing import Keyring, encrypt
from server.live_queue.claim import claim_event
from server.live_queue.domain import ClaimLostError, ScreenshotMissingError
from server.live_queue.open_event import open_event, open_held_screenshot
from tests.kit.chain import make_moderator, rows
from tests.kit.clock import FakeClock
from tests.kit.live_queue import PASSAGE, make_known_student, queue_event
from tests.kit.organisation import make_academy

AUDITED = "SELECT actor_id, verb FROM audit_entry WHERE subject_id = :id AND verb LIKE 'read%'"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"picture"


@pytest.fixture
def held(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock
) -> tuple[Actor, UUID]:
    academy = make_academy(system_database)
    moderator = make_moderator(system_database, academy)
    student_id = make_known_student(system_database, academy)
    queue_event(system_database, keyring, academy, student_id=student_id)
    event_id = queue_event(
        system_database, keyring, academy, student_id=student_id, evidence_sha256=hashlib.sha256().hexdigest()
    )
    with database.write(moderator.database_scope()) as session:
        claim_event(session, moderator, clock, event_id)
    return moderator, event_id


def test_the_holder_reads_and_the_reading_is_written_down(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    held: tuple[Actor, UUID],
) -> None:
    moderator, event_id = held
    with database.write(moderator.database_scope()) as session:
        opened = open_event(session, moderator, clock, keyring=keyring, event_id=event_id)
    assert opened.body.passage == PASSAGE
    assert opened.earlier_events == 1
    assert (opened.held.has_screenshot, opened.held.screenshot_arrived) == (True, False)
    assert rows(system_database, AUDITED, id=event_id) == [(moderator.staff_id, "read_event")]


def test_nobody_else_reads_it_and_nothing_is_audited(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    held: tuple[Actor, UUID],
) -> None:
    event_id = held[1]
    colleague = Actor(
        make_moderator(system_database, make_academy(system_database)).staff_id, "", held[0].appointments
    )
    with database.write(colleague.database_scope()) as session, pytest.raises(ClaimLostError):
        open_event(session, colleague, clock, keyring=keyring, event_id=event_id)
    assert rows(system_database, AUDITED, id=event_id) == []


def test_the_screenshot_is_opened_for_the_holder_once_it_has_arrived(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    blobs: FolderBlobStore,
    held: tuple[Actor, UUID],
) -> None:
    moderator, event_id = held
    with database.write(moderator.database_scope()) as session, pytest.raises(ScreenshotMissingError):
        open_held_screenshot(session, moderator, keyring=keyring, blobs=blobs, event_id=event_id)
    with system_database.write() as session:
        key = find_key(session, event_id)
        assert key is not None
        data_key = keyring.unwrap(key.key_id, key.wrapped)
        name = blobs.put(encrypt(data_key, PICTURE, screenshot_aad(event_id)))
        session.execute(
            text(
                "INSERT INTO evidence (event_id, trust_id, academy_id, blob_name, content_type, size_bytes)"
                " VALUES (:id, :trust, :academy, :name, 'image/png', 15)"
            ),
            {"id": event_id, "trust": key.trust_id, "academy": key.academy_id, "name": name},
        )
    with database.write(moderator.database_scope()) as session:
        found = open_held_screenshot(session, moderator, keyring=keyring, blobs=blobs, event_id=event_id)
    assert found == (PICTURE, "image/png")
    assert rows(system_database, AUDITED, id=event_id) == [(moderator.staff_id, "read_screenshot")]
