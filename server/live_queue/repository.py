"""Every query of the live queue. Each change is one statement that also checks what it changes.

The claim chooses by trust, because one index over all trusts is only flat for somebody who reviews
nearly all of them: with 198,000 of 200,000 waiting events in one trust and a moderator of ten others,
measured with EXPLAIN (BUFFERS) on PostgreSQL 18 under row-level security: global order 184 buffers and
growing with the backlog, the statement below 58; for all 40 trusts 21 against 152; for one trust 20 to
38 against 26. The statement below depends on the number of trusts and never on the backlog.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from server.access.scope import Actor
from server.kit.db import WriteSession
from server.live_queue.domain import ReviewState, Standing

CANDIDATES_PER_TRUST = 8
LISTED = 200
COUNTED = 10_000
"""Counts stop here: nobody needs to know whether 10,000 or 12,000 wait, and counting must stay cheap."""

_TAKE = """
UPDATE review_item AS r
SET state = 'claimed', claimed_by = :me, claim_token = gen_random_uuid(), claimed_at = :now,
    claim_expires_at = :expires_at, attempts = r.attempts + 1, version = r.version + 1
FROM next WHERE r.event_id = next.event_id AND r.state = 'queued'
RETURNING r.event_id, r.trust_id, r.academy_id, r.claim_token, r.claim_expires_at
"""
# The first few of every trust without a lock, then the best of them that nobody else is taking: only
# one row is ever locked, and waiting for a lock never happens.
_CLAIM_BEST = text(
    """
WITH candidate AS MATERIALIZED (
  SELECT head.event_id, head.band, head.sort_at
  FROM unnest(CAST(:trusts AS uuid[])) AS mine (trust_id)
  CROSS JOIN LATERAL (
    SELECT q.event_id, q.band, q.sort_at FROM review_item AS q
    WHERE q.state = 'queued' AND q.trust_id = mine.trust_id
    ORDER BY q.band, q.sort_at, q.event_id LIMIT :candidates) AS head),
next AS (
  SELECT q.event_id
  FROM (SELECT * FROM candidate ORDER BY band, sort_at, event_id OFFSET 0) AS c
  JOIN review_item AS q ON q.event_id = c.event_id
  WHERE q.state = 'queued'
  ORDER BY c.band, c.sort_at, c.event_id LIMIT 1 FOR UPDATE OF q SKIP LOCKED)
"""
    + _TAKE
)
# When others are taking all of those in the same milliseconds: walk on behind them, best trust first.
_CLAIM_ANY = text(
    """
WITH next AS (
  SELECT taken.event_id
  FROM (
    SELECT mine.trust_id FROM unnest(CAST(:trusts AS uuid[])) AS mine (trust_id)
    CROSS JOIN LATERAL (
      SELECT q.event_id, q.band, q.sort_at FROM review_item AS q
      WHERE q.state = 'queued' AND q.trust_id = mine.trust_id
      ORDER BY q.band, q.sort_at, q.event_id LIMIT 1) AS head
    ORDER BY head.band, head.sort_at, head.event_id OFFSET 0) AS best
  CROSS JOIN LATERAL (
    SELECT q.event_id FROM review_item AS q
    WHERE q.state = 'queued' AND q.trust_id = best.trust_id
    ORDER BY q.band, q.sort_at, q.event_id LIMIT 1 FOR UPDATE SKIP LOCKED) AS taken
  LIMIT 1)
"""
    + _TAKE
)
# The same conditional change for one named event: waiting, or mine already, or its lease has ended.
_CLAIM_ONE = text(
    """
UPDATE review_item AS r
SET state = 'claimed', claim_token = gen_random_uuid(), claim_expires_at = :expires_at,
    claimed_at = CASE WHEN r.claimed_by = :me AND r.state = 'claimed' THEN r.claimed_at ELSE :now END,
    attempts = r.attempts + CASE WHEN r.claimed_by = :me AND r.state = 'claimed' THEN 0 ELSE 1 END,
    claimed_by = :me, version = r.version + 1
WHERE r.event_id = :event_id AND r.trust_id = ANY (CAST(:trusts AS uuid[]))
  AND (r.state = 'queued'
    OR (r.state = 'claimed' AND (r.claimed_by = :me OR r.claim_expires_at <= :now)))
RETURNING r.event_id, r.trust_id, r.academy_id, r.claim_token, r.claim_expires_at
"""
)
_EXTEND = text(
    """
UPDATE review_item SET claim_expires_at = :expires_at, version = version + 1
WHERE event_id = :event_id AND state = 'claimed' AND claim_token = :token AND claimed_by = :me
RETURNING claim_expires_at
"""
)
_RELEASE = text(
    """
UPDATE review_item
SET state = 'queued', claimed_by = NULL, claim_token = NULL, claim_expires_at = NULL, claimed_at = NULL,
    version = version + 1
WHERE event_id = :event_id AND state = 'claimed' AND claim_token = :token AND claimed_by = :me
RETURNING event_id, trust_id, academy_id
"""
)
_EXPIRE = text(
    """
WITH ended AS (
  SELECT event_id FROM review_item WHERE state = 'claimed' AND claim_expires_at <= :now
  ORDER BY claim_expires_at LIMIT :limit FOR UPDATE SKIP LOCKED)
UPDATE review_item AS r
SET state = 'queued', claimed_by = NULL, claim_token = NULL, claim_expires_at = NULL, claimed_at = NULL,
    version = r.version + 1
FROM ended WHERE r.event_id = ended.event_id
RETURNING r.event_id, r.trust_id, r.academy_id
"""
)
# The fence: deciding and checking the token are one statement, so a late decision changes nothing.
_DECIDE = text(
    """
UPDATE review_item
SET state = :state, decided_at = :now, claim_token = NULL, claim_expires_at = NULL, version = version + 1
WHERE event_id = :event_id AND state = 'claimed' AND claim_token = :token AND claimed_by = :me
RETURNING event_id, trust_id, academy_id
"""
)
_STANDING = text(
    "SELECT state, claimed_by, claim_expires_at FROM review_item"
    " WHERE event_id = :event_id AND trust_id = ANY (CAST(:trusts AS uuid[]))"
)
_LIST = text(
    """
WITH waiting AS (
  SELECT head.* FROM unnest(CAST(:trusts AS uuid[])) AS mine (trust_id)
  CROSS JOIN LATERAL (
    SELECT q.event_id, q.band, q.sort_at, q.state, q.claimed_by, q.received_at FROM review_item AS q
    WHERE q.state = 'queued' AND q.trust_id = mine.trust_id
    ORDER BY q.band, q.sort_at, q.event_id LIMIT :listed) AS head
  ORDER BY head.band, head.sort_at, head.event_id LIMIT :listed),
held AS (
  SELECT q.event_id, q.band, q.sort_at, q.state, q.claimed_by, q.received_at FROM review_item AS q
  WHERE q.state = 'claimed' AND q.trust_id = ANY (CAST(:trusts AS uuid[]))
  ORDER BY q.band, q.sort_at, q.event_id LIMIT :listed)
SELECT i.event_id, i.received_at, i.sort_at AS due_at, i.state, coalesce(i.claimed_by = :me, false) AS claimed_by_me,
       e.theme, e.severity, e.probability, e.age_band, e.application
FROM (SELECT * FROM waiting UNION ALL SELECT * FROM held) AS i
JOIN event AS e ON e.id = i.event_id
ORDER BY i.band, i.sort_at, i.event_id LIMIT :listed
"""
)
_COUNT = text(
    "SELECT count(*) FROM (SELECT 1 FROM review_item"
    " WHERE state = :state AND trust_id = ANY (CAST(:trusts AS uuid[])) LIMIT :counted) AS some"
)
_HELD = text(
    """
SELECT r.event_id, r.trust_id, r.academy_id, r.received_at, r.sort_at AS due_at, r.claim_expires_at,
       e.student_id, e.student_pseudonym, e.age_band, e.occurred_at, e.theme, e.severity, e.probability,
       e.reasons, e.evidence_sha256 IS NOT NULL AS has_screenshot,
       EXISTS (SELECT 1 FROM evidence AS v WHERE v.event_id = e.id) AS screenshot_arrived
FROM review_item AS r JOIN event AS e ON e.id = r.event_id
WHERE r.event_id = :event_id AND r.state = 'claimed' AND r.claimed_by = :me
  AND r.trust_id = ANY (CAST(:trusts AS uuid[]))
"""
)
_EARLIER = text(
    "SELECT count(*) FROM event WHERE student_id = :student_id AND id <> :event_id"
    " AND occurred_at BETWEEN :since AND :until"
)


@dataclass(frozen=True, slots=True)
class Moved:
    """An event that changed its state, and whose it is."""

    event_id: UUID
    trust_id: UUID
    academy_id: UUID


@dataclass(frozen=True, slots=True)
class Taken:
    """What a claim got."""

    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    claim_token: UUID
    claim_expires_at: datetime


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One line of the queue as a moderator sees it: no text, no name, no school."""

    event_id: UUID
    received_at: datetime
    due_at: datetime
    state: str
    claimed_by_me: bool
    theme: str
    severity: int
    probability: float
    age_band: str
    application: str


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """The readable half of an event that this moderator holds."""

    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    received_at: datetime
    due_at: datetime
    claim_expires_at: datetime
    student_id: UUID | None
    student_pseudonym: str
    age_band: str
    occurred_at: datetime
    theme: str
    severity: int
    probability: float
    reasons: Sequence[str]
    has_screenshot: bool
    screenshot_arrived: bool


def take_best(session: WriteSession, actor: Actor, *, now: datetime, expires_at: datetime) -> Taken | None:
    """Claim the most urgent event nobody holds; None if nothing waits."""
    values = {**_mine(actor), "now": now, "expires_at": expires_at}
    return _taken(session, _CLAIM_BEST, {**values, "candidates": CANDIDATES_PER_TRUST}) or _taken(
        session, _CLAIM_ANY, values
    )


def take_one(
    session: WriteSession, actor: Actor, event_id: UUID, *, now: datetime, expires_at: datetime
) -> Taken | None:
    """Claim this very event; None if somebody else holds it or it has been decided."""
    return _taken(
        session, _CLAIM_ONE, {**_mine(actor), "event_id": event_id, "now": now, "expires_at": expires_at}
    )


def extend(
    session: WriteSession, actor: Actor, event_id: UUID, *, token: UUID, expires_at: datetime
) -> datetime | None:
    """Move the end of a claim; None if the token does not hold any more."""
    values = {"me": actor.staff_id, "event_id": event_id, "token": token, "expires_at": expires_at}
    found: datetime | None = session.execute(_EXTEND, values).scalar_one_or_none()
    return found


def put_back(session: WriteSession, actor: Actor, event_id: UUID, *, token: UUID) -> Moved | None:
    """Hand a claimed event back; None if the token does not hold any more."""
    return _moved(session, _RELEASE, {"me": actor.staff_id, "event_id": event_id, "token": token})


def put_back_ended(session: WriteSession, *, now: datetime, limit: int = 500) -> list[Moved]:
    """Hand back everything whose lease has ended, as far as the session's scope reaches."""
    return [Moved(**row) for row in session.execute(_EXPIRE, {"now": now, "limit": limit}).mappings()]


def decide(
    session: WriteSession, actor: Actor, event_id: UUID, *, token: UUID, state: ReviewState, now: datetime
) -> Moved | None:
    """Close a claimed event as graded or dismissed; None if the token does not hold any more."""
    values = {"me": actor.staff_id, "event_id": event_id, "token": token, "state": state.value, "now": now}
    return _moved(session, _DECIDE, values)


def standing_of(session: Session, actor: Actor, event_id: UUID) -> Standing | None:
    """How the event stands; None if it is not in this moderator's queue."""
    row = session.execute(_STANDING, {**_mine(actor), "event_id": event_id}).one_or_none()
    if row is None:
        return None
    return Standing(ReviewState(row.state), row.claimed_by == actor.staff_id, row.claim_expires_at)


def list_queue(session: Session, actor: Actor) -> list[QueueLine]:
    """The first lines in the order of claiming, what is held among them."""
    rows = session.execute(_LIST, {**_mine(actor), "listed": LISTED}).mappings()
    return [QueueLine(**row) for row in rows]


def count_queue(session: Session, actor: Actor, state: ReviewState) -> int:
    """How many stand in ``state``, at most COUNTED."""
    values = {"trusts": _trusts(actor), "state": state.value, "counted": COUNTED}
    return int(session.execute(_COUNT, values).scalar_one())


def find_held(session: Session, actor: Actor, event_id: UUID) -> HeldEvent | None:
    """The event, if this moderator holds it now."""
    row = session.execute(_HELD, {**_mine(actor), "event_id": event_id}).mappings().one_or_none()
    return HeldEvent(**row) if row else None


def count_earlier(
    session: Session, event_id: UUID, *, student_id: UUID, since: datetime, until: datetime
) -> int:
    """How many other events the same student has in a span of time, as far as the scope reaches."""
    values = {"event_id": event_id, "student_id": student_id, "since": since, "until": until}
    return int(session.execute(_EARLIER, values).scalar_one())


def _mine(actor: Actor) -> dict[str, Any]:
    return {"me": actor.staff_id, "trusts": _trusts(actor)}


def _trusts(actor: Actor) -> list[UUID]:
    ids: Iterable[UUID] = actor.review_trusts
    return sorted(ids)


def _taken(session: WriteSession, statement: TextClause, values: Mapping[str, Any]) -> Taken | None:
    row = session.execute(statement, values).mappings().one_or_none()
    return Taken(**row) if row else None


def _moved(session: WriteSession, statement: TextClause, values: Mapping[str, Any]) -> Moved | None:
    row = session.execute(statement, values).mappings().one_or_none()
    return Moved(**row) if row else None
