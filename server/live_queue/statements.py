"""The live queue's SQL. Each change is one statement that also checks what it changes.

The claim chooses by trust, because one index over all trusts is only flat for somebody who reviews
nearly all of them: with 198,000 of 200,000 waiting events in one trust and a moderator of ten others,
measured with EXPLAIN (BUFFERS) on PostgreSQL 18 under row-level security: global order 184 buffers and
growing with the backlog, the statement below 58; for all 40 trusts 21 against 152; for one trust 20 to
38 against 26. The statement below depends on the number of trusts and never on the backlog.
"""

from sqlalchemy import text

_TAKE = """
UPDATE review_item AS r
SET state = 'claimed', claimed_by = :me, claim_token = gen_random_uuid(), claimed_at = :now,
    claim_expires_at = :expires_at, attempts = r.attempts + 1, version = r.version + 1
FROM next WHERE r.event_id = next.event_id AND r.state = 'queued'
RETURNING r.event_id, r.trust_id, r.academy_id, r.claim_token, r.claim_expires_at
"""
# The first few of every trust without a lock, then the best of them that nobody else is taking: only
# one row is ever locked, and waiting for a lock never happens.
_BEST = """
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
CLAIM_BEST = text(_BEST + _TAKE)
# When others are taking all of those in the same milliseconds: walk on behind them, best trust first.
_ANY = """
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
CLAIM_ANY = text(_ANY + _TAKE)
# The same conditional change for one named event: waiting, or mine already, or its lease has ended.
CLAIM_ONE = text(
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
EXTEND = text(
    """
UPDATE review_item SET claim_expires_at = :expires_at, version = version + 1
WHERE event_id = :event_id AND state = 'claimed' AND claim_token = :token AND claimed_by = :me
RETURNING claim_expires_at
"""
)
RELEASE = text(
    """
UPDATE review_item
SET state = 'queued', claimed_by = NULL, claim_token = NULL, claim_expires_at = NULL, claimed_at = NULL,
    version = version + 1
WHERE event_id = :event_id AND state = 'claimed' AND claim_token = :token AND claimed_by = :me
RETURNING event_id, trust_id, academy_id
"""
)
EXPIRE = text(
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
DECIDE = text(
    """
UPDATE review_item
SET state = :state, decided_at = :now, claim_token = NULL, claim_expires_at = NULL, version = version + 1
WHERE event_id = :event_id AND state = 'claimed' AND claim_token = :token AND claimed_by = :me
RETURNING event_id, trust_id, academy_id
"""
)
STANDING = text(
    "SELECT state, claimed_by, claim_expires_at FROM review_item"
    " WHERE event_id = :event_id AND trust_id = ANY (CAST(:trusts AS uuid[]))"
)
LIST = text(
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
COUNT = text(
    "SELECT count(*) FROM (SELECT 1 FROM review_item"
    " WHERE state = :state AND trust_id = ANY (CAST(:trusts AS uuid[])) LIMIT :counted) AS waiting"
)
HELD = text(
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
EARLIER = text(
    "SELECT count(*) FROM event WHERE student_id = :student_id AND id <> :event_id"
    " AND occurred_at BETWEEN :since AND :until"
)
