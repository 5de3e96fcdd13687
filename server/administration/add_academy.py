"""Adds an Academy to a Trust. Called by the command line and the demonstration, as the system role."""

from uuid import UUID

from server.audit.domain import Author
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import InvalidError, NotFoundError
from server.organisation.domain import Phase
from server.organisation.repository import find_trust, insert_academy
from shared.ids import AcademyId

_URN_DIGITS = 6


def add_academy(
    session: WriteSession,
    author: Author,
    clock: Clock,
    *,
    trust_id: UUID,
    name: str,
    phase: Phase,
    urn: str = "",
) -> AcademyId:
    """The new Academy. Raises NotFoundError for the Trust, InvalidError for the name or the number.

    ``urn`` is the six-digit number of the school register, or empty while it is not known.
    """
    if not name.strip():
        raise InvalidError("An academy needs a name.")
    if urn and not (urn.isascii() and urn.isdigit() and len(urn) == _URN_DIGITS):
        raise InvalidError("A URN has six digits.")
    if find_trust(session, trust_id) is None:
        raise NotFoundError("There is no such trust.")
    academy_id = insert_academy(
        session, trust_id=trust_id, name=name.strip(), phase=phase, urn=urn, at=clock.now()
    )
    write_audit(
        session,
        author,
        verb="added_academy",
        subject_kind="academy",
        subject_id=academy_id,
        trust_id=trust_id,
        academy_id=academy_id,
    )
    return academy_id
