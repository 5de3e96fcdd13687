"""Every statement of ingest, for asyncpg as the system role: whole groups in a few round trips.

Nothing here commits; the caller's transaction does, and only then is anything acknowledged.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from server.enrolment.domain import Sender, plain_label
from server.enrolment.repository import NOTE_HEARTBEATS, SENDER, STANDING
from server.ingest.domain import Beat, DeadLetter, OpenedItem, band, sort_at, storable, unreviewed_at
from server.ingest.messages import EventReceived
from server.kit.outbox import CHANNEL
from server.mis.domain import age_band
from server.mis.repository import STUDENTS_OF_ACCOUNTS
from shared.ids import AcademyId, DeviceId, TrustId
from shared.taxonomy import AgeBand

_SEPARATOR = "\x1f"
_MESSAGE_FIELDS = tuple(field.name for field in fields(EventReceived))

# One statement, so one round trip: whatever is new becomes key, event, review item, deadline and Message.
_STORE = """
WITH item AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[],
    $8::timestamptz[], $9::timestamptz[], $10::text[], $11::smallint[], $12::real[], $13::text[], $14::text[],
    $15::text[], $16::text[], $17::smallint[], $18::uuid[], $19::bytea[], $20::bytea[], $21::text[], $22::bytea[],
    $23::smallint[], $24::timestamptz[], $25::text[], $27::timestamptz[])
  AS i(id, device_id, academy_id, trust_id, student_id, student_pseudonym, age_band,
    occurred_at, received_at, theme, severity, probability, pack_version, reasons,
    application, dedup_key, schema_version, key_id, wrapped, body, evidence_sha256, signature,
    band, sort_at, payload, unreviewed_at)),
stored AS (
  INSERT INTO event (id, device_id, academy_id, trust_id, student_id, student_pseudonym, age_band, occurred_at,
    received_at, theme, severity, probability, pack_version, reasons, application, dedup_key, schema_version,
    key_id, body, evidence_sha256, signature)
  SELECT id, device_id, academy_id, trust_id, student_id, student_pseudonym, age_band, occurred_at,
    received_at, theme, severity, probability, pack_version,
    CASE WHEN reasons = '' THEN '{}' ELSE string_to_array(reasons, E'\\x1f') END,
    application, dedup_key, schema_version, key_id, body, evidence_sha256, signature
  FROM item
  ON CONFLICT (id) DO NOTHING
  RETURNING key_id),
fresh AS (SELECT item.* FROM item JOIN stored USING (key_id)),
keys AS (INSERT INTO record_key (id, wrapped) SELECT key_id, wrapped FROM fresh),
reviews AS (
  INSERT INTO review_item (event_id, trust_id, academy_id, band, sort_at, received_at)
  SELECT id, trust_id, academy_id, band, sort_at, received_at FROM fresh),
deadlines AS (
  INSERT INTO review_deadline (due_at, event_id)
  SELECT unreviewed_at, id FROM fresh WHERE unreviewed_at IS NOT NULL),
messages AS (
  INSERT INTO outbox (name, payload, trust_id, academy_id)
  SELECT 'EventReceived', payload::jsonb, trust_id, academy_id FROM fresh)
SELECT key_id, (SELECT pg_notify($26, '') IS NULL) FROM stored
"""
# The subselect runs once, and only if there is a row: one wake-up for the whole group, when it commits.


class Link(Protocol):
    """An asyncpg connection, as far as this room uses one."""

    async def fetch(self, query: str, *args: object) -> list[Any]:
        """All rows."""

    async def fetchrow(self, query: str, *args: object) -> Any:
        """The first row, or None."""

    async def execute(self, query: str, *args: object) -> str:
        """Nothing but the command's tag."""


@dataclass(frozen=True, slots=True)
class KnownStudent:
    """The student behind an account, as far as an event carries it."""

    id: UUID
    pseudonym: str
    date_of_birth: date | None
    year_group: int | None

    def age_band_on(self, day: date) -> AgeBand:
        """The student's age band on a day."""
        return age_band(self.date_of_birth, self.year_group, day)


async def find_sender(link: Link, device_id: UUID) -> Sender | None:
    """The device, unless it is unknown or revoked."""
    row = await link.fetchrow(SENDER, device_id)
    if row is None:
        return None
    return Sender(
        DeviceId(row["id"]), AcademyId(row["academy_id"]), TrustId(row["trust_id"]), bytes(row["public_key"])
    )


async def find_standing(link: Link, device_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these devices may speak at this moment."""
    return {row["id"] for row in await link.fetch(STANDING, list(set(device_ids)))}


async def find_students(link: Link, items: Sequence[OpenedItem]) -> dict[tuple[UUID, str], KnownStudent]:
    """The students behind the accounts that the items name, by academy and account name."""
    wanted = list({(item.sender.academy_id, name) for item in items for name in item.accounts})
    if not wanted:
        return {}
    rows = await link.fetch(STUDENTS_OF_ACCOUNTS, [pair[0] for pair in wanted], [pair[1] for pair in wanted])
    return {
        (row["academy_id"], row["account"]): KnownStudent(
            row["id"], row["pseudonym"], row["date_of_birth"], row["year_group"]
        )
        for row in rows
    }


async def insert_events(
    link: Link,
    items: Sequence[OpenedItem],
    students: Mapping[tuple[UUID, str], KnownStudent],
    received_at: datetime,
) -> set[UUID]:
    """Store what is new; returns the ``key_id`` of each item that was. Items must come sorted by event id.

    Whoever reads the outbox is woken once, when the transaction commits. The order keeps two processes
    that hold the same events from waiting for each other in a circle.
    """
    rows = [_columns(item, _student_of(item, students), received_at) for item in items]
    *columns, deadlines = map(list, zip(*rows, strict=True))
    stored = await link.fetch(_STORE, *columns, CHANNEL, deadlines)
    return {row["key_id"] for row in stored}


async def find_owners(link: Link, event_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Which device sent each of these events."""
    rows = await link.fetch("SELECT id, device_id FROM event WHERE id = ANY ($1::uuid[])", list(event_ids))
    return {row["id"]: row["device_id"] for row in rows}


async def insert_dead_letters(link: Link, letters: Sequence[DeadLetter]) -> None:
    """Keep who sent what could not be accepted, and why. Never what was in it."""
    if letters:
        await link.execute(
            "INSERT INTO dead_letter (device_id, event_id, code)"
            " SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[])",
            [letter.device_id for letter in letters],
            [letter.event_id for letter in letters],
            [letter.code.value for letter in letters],
        )


async def note_heartbeats(link: Link, beats: Sequence[Beat], at: datetime) -> set[UUID]:
    """Write what heartbeats said, the last of each device; returns the devices that may still speak."""
    last = {beat.sender.device_id: beat.frame for beat in beats}
    rows = [
        (
            device_id,
            at,
            plain_label(frame.state),
            plain_label(frame.agent_version),
            json.dumps({plain_label(name): count for name, count in frame.counters.items()}),
            _SEPARATOR.join(storable(reason, 80) for reason in frame.reasons),
        )
        for device_id, frame in sorted(last.items())
    ]
    return {row["id"] for row in await link.fetch(NOTE_HEARTBEATS, *map(list, zip(*rows, strict=True)))}


def _student_of(item: OpenedItem, students: Mapping[tuple[UUID, str], KnownStudent]) -> KnownStudent | None:
    found = (students.get((item.sender.academy_id, name)) for name in item.accounts)
    return next((student for student in found if student is not None), None)


def _columns(item: OpenedItem, student: KnownStudent | None, received_at: datetime) -> tuple[object, ...]:
    header, sender = item.header, item.sender
    message = EventReceived(header.id, sender.trust_id, sender.academy_id, item.occurred_at, received_at)
    return (
        header.id,
        sender.device_id,
        sender.academy_id,
        sender.trust_id,
        student.id if student else None,
        student.pseudonym if student else "",
        (student.age_band_on(item.occurred_at.date()) if student else AgeBand.UNKNOWN).value,
        item.occurred_at,
        received_at,
        header.theme.value,
        header.severity.value,
        header.probability,
        storable(header.pack_version, 40),
        _SEPARATOR.join(reason for reason in item.reasons if reason),
        item.application,
        storable(header.dedup_key, 64),
        header.schema,
        item.key_id,
        item.wrapped,
        item.body,
        header.evidence_sha256,
        item.signature,
        band(header.severity),
        sort_at(header.severity, received_at),
        _payload(message),
        unreviewed_at(header.severity, received_at),
    )


def _payload(message: EventReceived) -> str:
    # What outbox.to_payload gives, at a tenth of its cost: this runs for every event.
    # Only ids and times: nothing in them that JSON would have to escape.
    return "{" + ",".join([f'"{name}":"{getattr(message, name)}"' for name in _MESSAGE_FIELDS]) + "}"
