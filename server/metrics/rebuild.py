"""Builds the whole read model again from the rooms' own tables: the projection's judge and its cure.

Run nightly and by hand. It waits for running projections and holds the next ones back, so that none
of them is overwritten by what was true a moment ago.
"""

from sqlalchemy import text

from server.kit.db import WriteSession

# Longer than a request may take and shorter than a task may: a million events take some seconds.
TIMEOUT_S = 50
_COLUMNS = (
    "trust_id academy_id category theme severity occurred_at received_at graded_at dismissed_at raised_at"
    " unreviewed_at acknowledge_due_at told_at acknowledged_at recorded_at first_action_at referred_at outcome_at"
    " closed_at reopened_at"
).split()
# An item that went back to the queue keeps only its last claim; the read model may remember the first.
_KEPT = "claimed_at = least(response_time.claimed_at, excluded.claimed_at)"
_REPLACED = ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS)

_SOURCES = """
SELECT e.id AS event_id, e.trust_id, e.academy_id, coalesce(g.category, a.category) AS category,
  coalesce(g.theme, a.theme) AS theme, coalesce(g.severity, a.severity) AS severity, e.occurred_at, e.received_at,
  g.graded_at, d.dismissed_at, a.raised_at, a.acknowledge_due_at,
  CASE WHEN a.unreviewed_severity IS NOT NULL THEN a.raised_at END AS unreviewed_at, a.told_at, a.acknowledged_at,
  c.recorded_at, act.first_action_at, ref.referred_at, ref.outcome_at,
  greatest(a.closed_at, entry.closed_at) AS closed_at, entry.reopened_at, r.claimed_at
FROM event e
LEFT JOIN review_item r ON r.event_id = e.id
LEFT JOIN grade g ON g.event_id = e.id
LEFT JOIN dismissal d ON d.event_id = e.id
LEFT JOIN alert a ON a.event_id = e.id
LEFT JOIN concern c ON c.alert_id = a.id
LEFT JOIN LATERAL (
  SELECT min(x.added_at) AS first_action_at FROM action x WHERE x.concern_id = c.id) act ON true
LEFT JOIN LATERAL (
  SELECT min(x.referred_at) AS referred_at, min(o.outcome_at) AS outcome_at
  FROM referral x LEFT JOIN outcome o ON o.referral_id = x.id WHERE x.concern_id = c.id) ref ON true
LEFT JOIN LATERAL (
  SELECT max(x.recorded_at) FILTER (WHERE x.kind = 'closed') AS closed_at,
         max(x.recorded_at) FILTER (WHERE x.kind = 'reopened') AS reopened_at
  FROM concern_entry x WHERE x.concern_id = c.id) entry ON true
"""
_NAMES = ", ".join(["event_id", *_COLUMNS, "claimed_at"])
_REBUILD = (
    f"INSERT INTO response_time ({_NAMES}) SELECT {_NAMES} FROM ({_SOURCES}) AS source"  # noqa: S608
    f" ON CONFLICT (event_id) DO UPDATE SET {_REPLACED}, {_KEPT}"
)


def rebuild(session: WriteSession) -> None:
    """Overwrite every row of the read model with what the source tables say. Runs as the system role."""
    session.execute(text(f"SET LOCAL statement_timeout = '{TIMEOUT_S}s'"))
    session.execute(text("LOCK TABLE response_time IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(text(_REBUILD))
