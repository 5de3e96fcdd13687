"""From a session cookie to the Actor behind it. Everything that is not a live session is one same answer."""

from datetime import datetime

from server.access.scope import Actor, load_actor
from server.kit.clock import Clock
from server.kit.db import Database
from server.sign_in.domain import NotSignedInError, is_live, needs_touch, sha256
from server.sign_in.repository import find_session, touch_session


def identify(system_database: Database, clock: Clock, token: str | None) -> Actor:
    """The Actor of ``token``; raises NotSignedInError. Keeps the session awake as it is used."""
    if not token:
        raise NotSignedInError
    now = clock.now()
    key = sha256(token)
    with system_database.read() as session:
        found = find_session(session, key)
        if found is None or not is_live(now, found.last_seen_at, found.expires_at):
            raise NotSignedInError
        actor = load_actor(session, found.staff_id, now.date())
        last_seen_at = found.last_seen_at
    if actor is None:
        raise NotSignedInError
    _touch(system_database, key, now, last_seen_at)
    return actor


def _touch(system_database: Database, key: bytes, now: datetime, last_seen_at: datetime) -> None:
    if needs_touch(now, last_seen_at):
        with system_database.write() as session:
            touch_session(session, key, now)
