"""The board: counts and response times of every academy that the reader answers for. Names no student."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from server.access.scope import Actor
from server.kit.clock import Clock
from server.kit.errors import InvalidError
from server.metrics.domain import (
    MAX_WEEKS,
    AcademyLine,
    Board,
    Counts,
    Measure,
    Span,
    Week,
    start_of,
    week_starts,
)
from server.metrics.repository import count_by_academy, count_by_week, list_board_academies, time_by_academy
from shared.taxonomy import Severity


def board(session: Session, actor: Actor, clock: Clock, *, weeks: int = 6) -> Board:
    """Everything ``actor`` may see of the last ``weeks`` weeks; InvalidError beyond 1 to 52."""
    if not 1 <= weeks <= MAX_WEEKS:
        raise InvalidError(f"Between 1 and {MAX_WEEKS} weeks.")
    now = clock.now()
    mondays = week_starts(now, weeks)
    since = start_of(mondays[0])
    counts = {
        row["academy_id"]: _counts(row) for row in count_by_academy(session, actor, since=since, now=now)
    }
    spans = time_by_academy(session, actor, since=since, now=now)
    return Board(
        as_at=now,
        academies=tuple(
            AcademyLine(row.id, row.name, row.phase, counts.get(row.id, _NOTHING), _times(spans, row.id))
            for row in list_board_academies(session, actor)
        ),
        weeks=_weeks(session, actor, mondays=mondays),
        totals=counts.get(None, _NOTHING),
        total_times=_times(spans, None),
    )


_NOTHING = Counts(alerts=dict.fromkeys(map(int, Severity), 0))


def _counts(row: RowMapping) -> Counts:
    return Counts(
        alerts={level.value: row[f"alerts_{level.value}"] for level in Severity},
        open=row["open"],
        unacknowledged=row["unacknowledged"],
        overdue=row["overdue"],
        concerns_open=row["concerns_open"],
        referrals=row["referrals"],
        events=row["events"],
        dismissed=row["dismissed"],
        unreviewed=row["unreviewed"],
    )


def _times(rows: Iterable[RowMapping], academy_id: UUID | None) -> dict[Measure, Span]:
    found = {Measure(row["measure"]): row for row in rows if row["academy_id"] == academy_id}
    return {measure: _span(found.get(measure)) for measure in Measure}


def _span(row: RowMapping | None) -> Span:
    if row is None:
        return Span()
    oldest = row["oldest_open_s"]
    return Span(
        p50_s=row["p50_s"],
        p95_s=row["p95_s"],
        n=row["n"],
        open=row["open"],
        oldest_open_s=float(oldest) if oldest is not None else None,
    )


def _weeks(session: Session, actor: Actor, *, mondays: Sequence[date]) -> tuple[Week, ...]:
    starts = [start_of(monday) for monday in mondays]
    ends = [start_of(monday + timedelta(weeks=1)) for monday in mondays]
    by_week = {monday: dict.fromkeys(map(int, Severity), 0) for monday in mondays}
    for row in count_by_week(session, actor, starts=starts, ends=ends):
        by_week[mondays[row["number"] - 1]][row["severity"]] = row["raised"]
    return tuple(Week(monday, by_severity) for monday, by_severity in by_week.items())
