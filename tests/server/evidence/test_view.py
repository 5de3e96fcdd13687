"""Who may open what: by row-level security alone, for bodies, screenshots and the keys beneath them."""

import pytest
from sqlalchemy import text

from server.evidence.blob_store import FolderBlobStore
from server.evidence.domain import EventNotFoundError
from server.evidence.view import open_body, open_message, open_screenshot, seal_message
from server.kit.db import Database
from server.kit.sealing import Keyring, SealError, ShreddedError
from server.organisation.domain import Role
from tests.kit.devices import PNG, Device, a_body
from tests.kit.evidence import Make, moderator_of, scope_of
from tests.kit.organisation import make_staff


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
