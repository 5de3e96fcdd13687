"""Adds a Trust. Called by the command line and the demonstration, as the system role."""

from server.audit.domain import Author
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import InvalidError
from server.organisation.repository import insert_trust
from shared.ids import TrustId


def add_trust(session: WriteSession, author: Author, clock: Clock, *, name: str) -> TrustId:
    """The new Trust; InvalidError without a name."""
    if not name.strip():
        raise InvalidError("A trust needs a name.")
    trust_id = insert_trust(session, name=name.strip(), at=clock.now())
    write_audit(
        session, author, verb="added_trust", subject_kind="trust", subject_id=trust_id, trust_id=trust_id
    )
    return trust_id
