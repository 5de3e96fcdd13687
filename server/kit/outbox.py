"""The transactional outbox: a Message is written in the transaction that made it true.

``announce`` writes; ``take_undispatched`` hands rows to the dispatcher; ``read_after`` feeds live
screens by snapshot cursor. A reader on ``seq > cursor`` alone would lose rows that commit out of
order, so the cursor is (xid, seq) below the oldest running transaction.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from sqlalchemy import text

from server.kit.db import WriteSession

CHANNEL = "lantern_outbox"


class Message(Protocol):
    """A frozen dataclass of ids and times, named in the past tense. Never text, never a name."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One announced Message."""

    seq: int
    xid: int
    name: str
    payload: dict[str, Any]
    trust_id: UUID | None
    academy_id: UUID | None
    announced_at: datetime


def to_payload(message: Message) -> dict[str, Any]:
    """A Message as JSON-ready values."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(message), default=str))
    return plain


def announce(session: WriteSession, message: Message) -> None:
    """Write ``message`` beside the rows that made it true; it exists only if they commit.

    ``trust_id`` and ``academy_id`` of the message, where it has them, become the row's audience.
    """
    names = {field.name for field in fields(message)}
    session.execute(
        text(
            "INSERT INTO outbox (name, payload, trust_id, academy_id)"
            " VALUES (:name, CAST(:payload AS jsonb), :trust_id, :academy_id)"
        ),
        {
            "name": type(message).__name__,
            "payload": json.dumps(to_payload(message)),
            "trust_id": getattr(message, "trust_id", None) if "trust_id" in names else None,
            "academy_id": getattr(message, "academy_id", None) if "academy_id" in names else None,
        },
    )


def take_undispatched(session: WriteSession, limit: int = 200) -> Sequence[OutboxRow]:
    """Rows nobody has handed to the broker yet, oldest first, locked until this transaction ends."""
    rows = session.execute(
        text(
            "SELECT seq, xid::text::bigint AS xid, name, payload, trust_id, academy_id, announced_at FROM outbox"
            " WHERE dispatched_at IS NULL ORDER BY seq LIMIT :limit FOR UPDATE SKIP LOCKED"
        ),
        {"limit": limit},
    )
    return [OutboxRow(**row) for row in rows.mappings()]


def mark_dispatched(session: WriteSession, seqs: Sequence[int]) -> None:
    """The broker has these now. Runs in the transaction of ``take_undispatched``."""
    session.execute(
        text("UPDATE outbox SET dispatched_at = now() WHERE seq = ANY(:seqs)"), {"seqs": list(seqs)}
    )


READ_AFTER = """
SELECT seq, xid::text::bigint AS xid, name, payload, trust_id, academy_id, announced_at
FROM outbox
WHERE (xid, seq) > ($1::text::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY xid, seq LIMIT $3
"""
"""For asyncpg: rows after cursor ($1 xid as text, $2 seq), gap-free, at most $3."""
