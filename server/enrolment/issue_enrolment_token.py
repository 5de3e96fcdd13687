"""Makes the one-time token that admits devices to one Academy. It is shown once and stored only as a hash."""

import secrets
from datetime import timedelta
from uuid import UUID

from server.audit.domain import SYSTEM, Author
from server.audit.write import write_audit
from server.enrolment.domain import MAX_TOKEN_USES, TOKEN_LIFETIME, token_sha256
from server.enrolment.repository import insert_token
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import InvalidError, NotFoundError
from server.organisation.repository import find_academy


def issue_enrolment_token(
    session: WriteSession,
    clock: Clock,
    *,
    academy_id: UUID,
    max_uses: int = 1,
    lifetime: timedelta = TOKEN_LIFETIME,
    author: Author = SYSTEM,
) -> str:
    """A fresh token for ``max_uses`` devices of the academy; nobody can read it again later."""
    if not 1 <= max_uses <= MAX_TOKEN_USES:
        raise InvalidError(f"A token may admit 1 to {MAX_TOKEN_USES} devices.")
    if lifetime <= timedelta(0):
        raise InvalidError("A token's lifetime must be positive.")
    academy = find_academy(session, academy_id)
    if academy is None:
        raise NotFoundError("There is no such academy.")
    token = secrets.token_urlsafe(32)
    now = clock.now()
    insert_token(
        session,
        sha256=token_sha256(token),
        academy_id=academy_id,
        trust_id=academy.trust_id,
        created_at=now,
        expires_at=now + lifetime,
        max_uses=max_uses,
    )
    write_audit(
        session,
        author,
        verb="issued_enrolment_token",
        subject_kind="academy",
        subject_id=academy_id,
        trust_id=academy.trust_id,
        academy_id=academy_id,
        details={"max_uses": max_uses},
    )
    return token
