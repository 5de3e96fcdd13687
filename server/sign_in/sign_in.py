"""Turns an address and a password into a session; every refusal is the same answer after the same work."""

import secrets
from dataclasses import dataclass, field
from uuid import UUID

from server.audit.domain import StaffAuthor
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import Database
from server.organisation.repository import find_staff_by_email
from server.sign_in.domain import ABSOLUTE, ATTEMPTS, ATTEMPTS_WINDOW, IDLE, BadCredentialsError, sha256
from server.sign_in.passwords import is_password
from server.sign_in.repository import (
    count_failures,
    delete_ended_sessions,
    delete_session,
    find_session,
    insert_attempt,
    insert_session,
)

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody typed."""

    email: str
    password: str = field(repr=False)


def sign_in(system_database: Database, clock: Clock, credentials: Credentials) -> str:
    """A new session's token; raises BadCredentialsError.

    The slow check of the password runs between two short transactions: holding a connection for it
    would let a few dozen attempts a second starve everybody else. A refused attempt is counted and kept.
    """
    now = clock.now()
    address = sha256(credentials.email.strip().lower())
    with system_database.read() as session:
        staff = find_staff_by_email(session, credentials.email)
        is_open = count_failures(session, address, now - ATTEMPTS_WINDOW) < ATTEMPTS
        stored = staff.password_hash if staff and staff.is_active else None
        staff_id = staff.id if staff else None
    is_right = is_password(stored, credentials.password) and is_open
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with system_database.write() as session:
        insert_attempt(session, email_sha256=address, at=now, succeeded=is_right)
        if staff_id is not None:
            verb = "signed_in" if is_right else "failed_to_sign_in"
            write_audit(session, StaffAuthor(staff_id), verb=verb, subject_kind="staff", subject_id=staff_id)
        if is_right and staff_id is not None:
            delete_ended_sessions(session, seen_before=now - IDLE, expired_before=now)
            insert_session(
                session, token_sha256=sha256(token), staff_id=staff_id, at=now, expires_at=now + ABSOLUTE
            )
    if not is_right:
        raise BadCredentialsError
    return token


def sign_out(system_database: Database, token: str | None) -> UUID | None:
    """End the session of ``token`` if there is one; gives whose it was."""
    if not token:
        return None
    with system_database.write() as session:
        found = find_session(session, sha256(token))
        if found is None:
            return None
        delete_session(session, found.token_sha256)
        author = StaffAuthor(found.staff_id)
        write_audit(session, author, verb="signed_out", subject_kind="staff", subject_id=found.staff_id)
        return found.staff_id
