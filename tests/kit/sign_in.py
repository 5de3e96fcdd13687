"""Makes sessions without the work of checking a password."""

import secrets

from server.kit.clock import Clock
from server.kit.db import Database
from server.sign_in.domain import ABSOLUTE, sha256
from server.sign_in.repository import insert_session
from tests.kit.organisation import Staff


def make_session(system_database: Database, clock: Clock, staff: Staff) -> str:
    """A live session's token."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    with system_database.write() as session:
        insert_session(
            session, token_sha256=sha256(token), staff_id=staff.id, at=now, expires_at=now + ABSOLUTE
        )
    return token
