"""Every query on enrolment tokens and devices. All run as the system role."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.enrolment.domain import Sender
from server.enrolment.tables import DeviceRow, EnrolmentTokenRow
from server.kit.db import WriteSession
from shared.ids import AcademyId, DeviceId, TrustId

SENDER = "SELECT id, academy_id, trust_id, public_key FROM device WHERE id = $1 AND revoked_at IS NULL"
"""For asyncpg: the device $1, unless it was revoked."""

STANDING = "SELECT id FROM device WHERE id = ANY ($1::uuid[]) AND revoked_at IS NULL"
"""For asyncpg: which of the devices $1 are not revoked."""

NOTE_HEARTBEATS = """
UPDATE device d SET last_seen_at = greatest(d.last_seen_at, b.at), state = b.state,
  agent_version = b.agent_version, counters = b.counters::jsonb,
  reasons = CASE WHEN b.reasons = '' THEN '{}' ELSE string_to_array(b.reasons, E'\\x1f') END
FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[])
  AS b(id, at, state, agent_version, counters, reasons)
WHERE d.id = b.id AND d.revoked_at IS NULL
RETURNING d.id
"""
"""For asyncpg: what heartbeats said, at most one per device; returns the devices that may still speak."""


def lock_token(session: WriteSession, sha256: bytes) -> EnrolmentTokenRow | None:
    """The token's row, held until this transaction ends."""
    return session.get(EnrolmentTokenRow, sha256, with_for_update=True)


def insert_token(
    session: WriteSession,
    *,
    sha256: bytes,
    academy_id: UUID,
    trust_id: UUID,
    created_at: datetime,
    expires_at: datetime,
    max_uses: int,
) -> None:
    """Write a new token."""
    session.execute(
        insert(EnrolmentTokenRow).values(
            token_sha256=sha256,
            academy_id=academy_id,
            trust_id=trust_id,
            created_at=created_at,
            expires_at=expires_at,
            max_uses=max_uses,
            uses=0,
        )
    )


def find_device(session: Session, device_id: UUID) -> DeviceRow | None:
    """The device, revoked or not."""
    return session.get(DeviceRow, device_id)


def find_device_by_key(session: Session, public_key: bytes) -> DeviceRow | None:
    """The device of this public key, revoked or not."""
    return session.scalars(select(DeviceRow).where(DeviceRow.public_key == public_key)).one_or_none()


def find_sender(session: Session, device_id: UUID) -> Sender | None:
    """The device as ingest needs it; None when it is unknown or revoked."""
    row = find_device(session, device_id)
    if row is None or row.revoked_at is not None:
        return None
    return Sender(DeviceId(row.id), AcademyId(row.academy_id), TrustId(row.trust_id), row.public_key)


def mark_seen(session: WriteSession, device_id: UUID, at: datetime) -> None:
    """Note that the device has just spoken."""
    session.execute(update(DeviceRow).where(DeviceRow.id == device_id).values(last_seen_at=at))
