"""Writes an AuditEntry in the transaction of what it tells of: either both exist or neither.

Never text, never a name: ids, verbs and codes only.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import insert

from server.audit.domain import Author
from server.audit.tables import AuditEntryRow
from server.kit.db import WriteSession

Detail = str | int | bool | None


def write_audit(
    session: WriteSession,
    author: Author,
    *,
    verb: str,
    subject_kind: str,
    subject_id: UUID | None,
    trust_id: UUID | None = None,
    academy_id: UUID | None = None,
    details: Mapping[str, Detail] | None = None,
) -> None:
    """Note that ``author`` did ``verb`` (past tense, e.g. ``read_screenshot``) to one subject.

    Under the role that serves people, the database itself refuses an entry in another's name.
    """
    # No RETURNING: that role may add to the history and may not read it.
    statement = insert(AuditEntryRow).inline()
    session.execute(
        statement,
        {
            "actor_kind": author.author_kind.value,
            "actor_id": author.author_id,
            "verb": verb,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "trust_id": trust_id,
            "academy_id": academy_id,
            "details": dict(details or {}),
        },
    )
