"""What the board answers. Counts, times and definitions; never a student, never a text."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from server.metrics.domain import DEFINITIONS, AcademyLine, Board, Counts, Measure, Span


class SpanView(BaseModel):
    """How long one step took, in seconds, and how many still wait."""

    model_config = ConfigDict(from_attributes=True)

    p50_s: float | None
    p95_s: float | None
    n: int
    open: int
    oldest_open_s: float | None


class WeekView(BaseModel):
    """Alerts raised in one week, by level."""

    week_start: date
    by_severity: dict[str, int]


class CountsView(BaseModel):
    """What happened."""

    alerts: dict[str, int]
    open: int
    unacknowledged: int
    overdue: int
    concerns_open: int
    referrals: int
    events: int
    dismissed: int
    unreviewed: int
    times: dict[Measure, SpanView]


class AcademyView(CountsView):
    """One Academy's line."""

    academy_id: UUID
    name: str
    phase: str

    @classmethod
    def of(cls, line: AcademyLine) -> "AcademyView":
        """The line as the page shows it."""
        return cls(
            academy_id=line.academy_id, name=line.name, phase=line.phase, **_numbers(line.counts, line.times)
        )


class TotalsView(BaseModel):
    """All academies of the reader together. ``alerts`` is how many, of every level."""

    events: int
    dismissed: int
    alerts: int
    alerts_by_severity: dict[str, int]
    open: int
    unacknowledged: int
    overdue: int
    concerns_open: int
    referrals: int
    unreviewed: int
    times: dict[Measure, SpanView]


class BoardView(BaseModel):
    """The whole board with what its words mean."""

    as_at: datetime
    academies: list[AcademyView]
    weeks: list[WeekView]
    totals: TotalsView
    definitions: dict[str, str]

    @classmethod
    def of(cls, board: Board) -> "BoardView":
        """The board as the page shows it."""
        totals = _numbers(board.totals, board.total_times)
        by_severity = totals.pop("alerts")
        return cls(
            as_at=board.as_at,
            academies=[AcademyView.of(line) for line in board.academies],
            weeks=[
                WeekView(week_start=week.week_start, by_severity=_by_level(week.by_severity))
                for week in board.weeks
            ],
            totals=TotalsView(
                alerts=sum(board.totals.alerts.values()), alerts_by_severity=by_severity, **totals
            ),
            definitions=DEFINITIONS,
        )


def _numbers(counts: Counts, times: dict[Measure, Span]) -> dict[str, Any]:
    return {
        "alerts": _by_level(counts.alerts),
        "open": counts.open,
        "unacknowledged": counts.unacknowledged,
        "overdue": counts.overdue,
        "concerns_open": counts.concerns_open,
        "referrals": counts.referrals,
        "events": counts.events,
        "dismissed": counts.dismissed,
        "unreviewed": counts.unreviewed,
        "times": {measure: SpanView.model_validate(span) for measure, span in times.items()},
    }


def _by_level(counts: dict[int, int]) -> dict[str, int]:
    return {str(level): count for level, count in counts.items()}
