"""Every query of evidence. Whose rows they see, row-level security decides by the session's scope."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from server.evidence.tables import EventRow, EvidenceRow, RecordKeyRow
from server.kit.db import WriteSession


@dataclass(frozen=True, slots=True)
class KeyOfEvent:
    """An event's data key as stored, and where the event belongs."""

    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    device_id: UUID
    evidence_sha256: str | None
    key_id: UUID
    wrapped: bytes | None


def find_key(session: Session, event_id: UUID) -> KeyOfEvent | None:
    """The data key of an event the session may see."""
    row = session.execute(
        select(
            EventRow.id,
            EventRow.trust_id,
            EventRow.academy_id,
            EventRow.device_id,
            EventRow.evidence_sha256,
            EventRow.key_id,
            RecordKeyRow.wrapped,
        )
        .join(RecordKeyRow, RecordKeyRow.id == EventRow.key_id)
        .where(EventRow.id == event_id)
    ).one_or_none()
    return KeyOfEvent(*row) if row else None


def find_body(session: Session, event_id: UUID) -> bytes | None:
    """The sealed body of an event the session may see."""
    return session.execute(select(EventRow.body).where(EventRow.id == event_id)).scalar_one_or_none()


def find_evidence(session: Session, event_id: UUID) -> EvidenceRow | None:
    """The screenshot's row, if it has arrived and the session may see it."""
    return session.get(EvidenceRow, event_id)


def insert_evidence(
    session: WriteSession,
    key: KeyOfEvent,
    *,
    blob_name: str,
    content_type: str,
    size_bytes: int,
    at: datetime,
) -> bool:
    """Write the screenshot's row once; False if somebody else was first."""
    statement = (
        insert(EvidenceRow)
        .values(
            event_id=key.event_id,
            trust_id=key.trust_id,
            academy_id=key.academy_id,
            blob_name=blob_name,
            content_type=content_type,
            size_bytes=size_bytes,
            stored_at=at,
        )
        .on_conflict_do_nothing()
        .returning(EvidenceRow.event_id)
    )
    return session.execute(statement).scalar_one_or_none() is not None
