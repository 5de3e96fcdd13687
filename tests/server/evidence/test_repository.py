"""Row-level security beneath evidence: no scope, no key; no way to write."""

import pytest
from sqlalchemy import text

from server.evidence.blob_store import FolderBlobStore
from server.evidence.domain import EventNotFoundError
from server.evidence.view import open_body, open_screenshot
from server.kit.db import Database
from server.kit.sealing import Keyring
from server.organisation.domain import Role
from tests.kit.devices import Device
from tests.kit.evidence import Make, moderator_of, scope_of
from tests.kit.organisation import make_staff


def test_without_a_scope_there_is_no_key(database: Database, receive: Make) -> None:
    receive(alert=True)
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM record_key")).scalar_one() == 0


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
