"""Every query of the board and of its projection. Counting happens here, in SQL, and nowhere else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, text
from sqlalchemy.orm import Session

from server.access.scope import Actor
from server.kit.outbox import OutboxRow
from server.moderation.tables import GradeRow
from server.organisation.tables import AcademyRow
from server.routing.tables import AlertRow

_ANNOUNCED = text(
    "SELECT seq, xid::text::bigint AS xid, name, payload, trust_id, academy_id, announced_at"
    " FROM outbox WHERE seq = :seq"
)

# What is finished and happened before the weeks asked for cannot be in any number: it is passed over by index.
_COUNTS = text("""
SELECT academy_id, grouping(academy_id) AS is_total,
  count(*) FILTER (WHERE raised_at >= :since AND severity = 1) AS alerts_1,
  count(*) FILTER (WHERE raised_at >= :since AND severity = 2) AS alerts_2,
  count(*) FILTER (WHERE raised_at >= :since AND severity = 3) AS alerts_3,
  count(*) FILTER (WHERE raised_at >= :since AND severity = 4) AS alerts_4,
  count(*) FILTER (WHERE raised_at >= :since AND severity = 5) AS alerts_5,
  count(*) FILTER (WHERE is_open) AS open,
  count(*) FILTER (WHERE is_open AND acknowledged_at IS NULL) AS unacknowledged,
  count(*) FILTER (WHERE is_open AND acknowledged_at IS NULL AND acknowledge_due_at < :now) AS overdue,
  count(*) FILTER (WHERE recorded_at IS NOT NULL AND (closed_at IS NULL OR closed_at < reopened_at))
    AS concerns_open,
  count(*) FILTER (WHERE referred_at >= :since) AS referrals,
  count(*) FILTER (WHERE received_at >= :since) AS events,
  count(*) FILTER (WHERE dismissed_at >= :since) AS dismissed,
  count(*) FILTER (WHERE unreviewed_at >= :since) AS unreviewed
FROM (SELECT *, raised_at IS NOT NULL AND recorded_at IS NULL AND closed_at IS NULL AS is_open
      FROM response_time
      WHERE academy_id = ANY (:academies) AND (is_unfinished OR latest_at >= :since)) AS seen
GROUP BY GROUPING SETS ((academy_id), ())
""")

# One line per event and measure: when the step started, when it ended, and whether anybody still waits for it.
_SPANS = text("""
SELECT academy_id, grouping(academy_id) AS is_total, measure,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY took_s) AS p50_s,
  percentile_cont(0.95) WITHIN GROUP (ORDER BY took_s) AS p95_s,
  count(took_s) AS n,
  count(*) FILTER (WHERE took_s IS NULL) AS open,
  max(extract(epoch FROM CAST(:now AS timestamptz) - started_at)) FILTER (WHERE took_s IS NULL) AS oldest_open_s
FROM (
  SELECT r.academy_id, m.measure, m.started_at,
    CASE WHEN m.ended_at IS NOT NULL  -- greatest() alone would turn "not yet" into no time at all.
      THEN greatest(extract(epoch FROM m.ended_at - m.started_at), 0)::float8 END AS took_s
  FROM response_time r
  CROSS JOIN LATERAL (VALUES
    ('grade', r.received_at, least(r.graded_at, r.dismissed_at), true),
    ('tell', coalesce(r.unreviewed_at, r.graded_at), r.told_at, r.acknowledged_at IS NULL AND r.closed_at IS NULL),
    ('acknowledge', coalesce(r.told_at, r.raised_at), r.acknowledged_at, r.closed_at IS NULL),
    ('record', r.raised_at, r.recorded_at, r.closed_at IS NULL),
    ('action', r.recorded_at, r.first_action_at, r.closed_at IS NULL OR r.closed_at < r.reopened_at)
  ) AS m (measure, started_at, ended_at, is_awaited)
  WHERE r.academy_id = ANY (:academies) AND (r.is_unfinished OR r.latest_at >= :since)
    AND m.started_at IS NOT NULL
    AND ((m.ended_at IS NOT NULL AND m.started_at >= :since) OR (m.ended_at IS NULL AND m.is_awaited))
) AS span
GROUP BY GROUPING SETS ((academy_id, measure), (measure))
""")

_WEEKS = text("""
SELECT week.number, r.severity, count(*) AS raised
FROM unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[])) WITH ORDINALITY
  AS week (starts_at, ends_at, number)
JOIN response_time r ON r.raised_at >= week.starts_at AND r.raised_at < week.ends_at
WHERE r.academy_id = ANY (:academies) AND r.raised_at >= :since AND r.severity IS NOT NULL
GROUP BY week.number, r.severity
""")


def list_board_academies(session: Session, actor: Actor) -> Sequence[AcademyRow]:
    """The academies this reader sees counted, by name; those where nothing happened too."""
    return session.scalars(
        select(AcademyRow).where(AcademyRow.id.in_(actor.board_academies)).order_by(AcademyRow.name)
    ).all()


def count_by_academy(
    session: Session, actor: Actor, *, since: datetime, now: datetime
) -> Sequence[RowMapping]:
    """Counts per academy, and one row of all (``is_total`` = 1)."""
    return (
        session.execute(_COUNTS, {"academies": list(actor.board_academies), "since": since, "now": now})
        .mappings()
        .all()
    )


def time_by_academy(
    session: Session, actor: Actor, *, since: datetime, now: datetime
) -> Sequence[RowMapping]:
    """Percentiles per academy and measure, and per measure over all (``is_total`` = 1)."""
    return (
        session.execute(
            _SPANS,
            {"academies": list(actor.board_academies), "since": since, "now": now},
        )
        .mappings()
        .all()
    )


def count_by_week(
    session: Session, actor: Actor, *, starts: Sequence[datetime], ends: Sequence[datetime]
) -> Sequence[RowMapping]:
    """Alerts raised between each start and its end, by severity; ``number`` counts the weeks from 1."""
    return (
        session.execute(
            _WEEKS,
            {
                "academies": list(actor.board_academies),
                "since": min(starts),
                "starts": list(starts),
                "ends": list(ends),
            },
        )
        .mappings()
        .all()
    )


def find_announced(session: Session, seq: int) -> OutboxRow | None:
    """One announced Message, unless it has been purged."""
    row = session.execute(_ANNOUNCED, {"seq": seq}).mappings().one_or_none()
    return OutboxRow(**row) if row is not None else None


def find_grade_words(session: Session, event_id: UUID) -> dict[str, Any]:
    """What a moderator called the event: category, theme and severity; empty before the grade exists."""
    row = (
        session.execute(
            select(GradeRow.category, GradeRow.theme, GradeRow.severity).where(GradeRow.event_id == event_id)
        )
        .mappings()
        .one_or_none()
    )
    return dict(row) if row is not None else {}


def find_alert_words(session: Session, event_id: UUID) -> dict[str, Any]:
    """How the event's alert stands: category, theme, severity and by when somebody must answer."""
    row = (
        session.execute(
            select(AlertRow.category, AlertRow.theme, AlertRow.severity, AlertRow.acknowledge_due_at).where(
                AlertRow.event_id == event_id
            )
        )
        .mappings()
        .one_or_none()
    )
    return dict(row) if row is not None else {}
