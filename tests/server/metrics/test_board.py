"""The board's numbers against known times: percentiles, what is open and overdue, weeks, and whose they are."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from server.access.scope import Actor
from server.kit.db import Database
from server.kit.errors import InvalidError
from server.metrics.board import board
from server.metrics.domain import Board, Measure
from server.organisation.domain import Role
from tests.kit.board import minutes, write_times
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.organisation import Academy, Trust, actor_for, make_academy, make_actor, make_staff, make_trust

Group = tuple[Trust, Academy, Academy, Actor]


@pytest.fixture
def group(system_database: Database) -> Group:
    """A trust of two academies and its safeguarding officer."""
    trust = make_trust(system_database)
    first = make_academy(system_database, trust, name="Alder Academy")
    second = make_academy(system_database, trust, name="Birch Academy")
    staff = make_staff(system_database, Role.TRUST_OFFICER, trust=trust)
    return trust, first, second, actor_for(system_database, staff)


def shown(database: Database, clock: FakeClock, actor: Actor, *, weeks: int = 6) -> Board:
    with database.read(actor.database_scope()) as session:
        return board(session, actor, clock, weeks=weeks)


def percentile(values: list[float], part: float) -> float:
    """Linear interpolation between closest ranks, written out once more by hand."""
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def test_each_measure_is_the_difference_of_its_two_times(
    database: Database, system_database: Database, clock: FakeClock, group: Group
) -> None:
    _, academy, _, officer = group
    write_times(
        system_database,
        academy,
        received_at=minutes(0),
        graded_at=minutes(4),
        raised_at=minutes(5),
        told_at=minutes(6),
        acknowledged_at=minutes(26),
        recorded_at=minutes(65),
        first_action_at=minutes(75),
    )
    clock.advance(days=1)
    line = shown(database, clock, officer).academies[0]
    took = {measure: span.p50_s for measure, span in line.times.items()}
    assert took == {
        Measure.GRADE: 4 * 60,
        Measure.TELL: 2 * 60,
        Measure.ACKNOWLEDGE: 20 * 60,
        Measure.RECORD: 60 * 60,
        Measure.ACTION: 10 * 60,
    }
    assert all((span.n, span.open, span.oldest_open_s) == (1, 0, None) for span in line.times.values())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(took=st.lists(st.integers(min_value=0, max_value=100_000), min_size=1, max_size=30))
def test_percentiles_are_those_counted_by_hand(
    database: Database, system_database: Database, clock: FakeClock, took: list[int]
) -> None:
    academy = make_academy(system_database)
    dsl = make_actor(system_database, Role.DSL, academy=academy)
    for seconds in took:
        write_times(
            system_database, academy, received_at=MONDAY, graded_at=MONDAY + timedelta(seconds=seconds)
        )
    span = shown(database, FakeClock(MONDAY + timedelta(days=2)), dsl).academies[0].times[Measure.GRADE]
    assert span.n == len(took)
    assert span.p50_s == pytest.approx(percentile([float(one) for one in took], 0.5))
    assert span.p95_s == pytest.approx(percentile([float(one) for one in took], 0.95))


def test_what_never_finished_is_counted_beside_the_times_and_ages(
    database: Database, system_database: Database, clock: FakeClock, group: Group
) -> None:
    _, academy, _, officer = group
    raised = {
        "received_at": minutes(0),
        "graded_at": minutes(1),
        "raised_at": minutes(1),
        "told_at": minutes(2),
    }
    write_times(system_database, academy, **raised, acknowledged_at=minutes(3))
    write_times(system_database, academy, **raised)
    # A year old and forgotten: outside the weeks, and still there.
    long_ago = MONDAY - timedelta(days=365)
    write_times(
        system_database,
        academy,
        received_at=long_ago,
        graded_at=long_ago,
        raised_at=long_ago,
        told_at=long_ago,
    )
    clock.advance(hours=1)
    line = shown(database, clock, officer).academies[0]
    acknowledged = line.times[Measure.ACKNOWLEDGE]
    assert (acknowledged.p50_s, acknowledged.n, acknowledged.open) == (60, 1, 2)
    assert acknowledged.oldest_open_s == timedelta(days=365, hours=1).total_seconds()
    assert (line.counts.open, line.counts.unacknowledged) == (3, 2)
    assert line.times[Measure.GRADE].n == 2


def test_what_went_out_unreviewed_is_counted_and_stays_open_until_the_school_ends_it(
    database: Database, system_database: Database, clock: FakeClock, group: Group
) -> None:
    _, academy, _, officer = group
    sent = {"received_at": minutes(0), "raised_at": minutes(10), "unreviewed_at": minutes(10)}
    write_times(system_database, academy, severity=5, **sent, told_at=minutes(11))
    # Dismissed after somebody at the school had taken it up: theirs to end.
    write_times(
        system_database,
        academy,
        severity=4,
        **sent,
        told_at=minutes(12),
        acknowledged_at=minutes(13),
        dismissed_at=minutes(20),
    )
    clock.advance(hours=1)
    line = shown(database, clock, officer).academies[0]
    assert (line.counts.unreviewed, line.counts.open, line.counts.dismissed) == (2, 2, 1)
    assert (line.counts.alerts[5], line.counts.alerts[4]) == (1, 1)
    assert (line.times[Measure.TELL].n, line.times[Measure.TELL].p50_s) == (2, 90)
    assert line.times[Measure.GRADE].open == 1
    clock.advance(days=365)
    assert shown(database, clock, officer).academies[0].counts.open == 2


def test_what_nobody_waits_for_any_more_is_not_open(
    database: Database, system_database: Database, clock: FakeClock, group: Group
) -> None:
    _, academy, _, officer = group
    write_times(system_database, academy, severity=None, received_at=minutes(0), dismissed_at=minutes(3))
    ended = {"received_at": minutes(0), "graded_at": minutes(1), "raised_at": minutes(1)}
    write_times(system_database, academy, **ended, acknowledged_at=minutes(2), closed_at=minutes(3))
    closed = write_times(
        system_database,
        academy,
        **ended,
        told_at=minutes(2),
        acknowledged_at=minutes(2),
        recorded_at=minutes(3),
        closed_at=minutes(9),
    )
    clock.advance(hours=1)
    line = shown(database, clock, officer).academies[0]
    assert {measure: span.open for measure, span in line.times.items()} == dict.fromkeys(Measure, 0)
    assert (line.counts.open, line.counts.concerns_open) == (0, 0)
    assert (line.counts.events, line.counts.dismissed) == (3, 1)
    with system_database.write() as session:
        session.execute(
            text("UPDATE response_time SET reopened_at = :at WHERE event_id = :id"),
            {"at": minutes(12), "id": closed},
        )
    line = shown(database, clock, officer).academies[0]
    assert line.counts.concerns_open == 1
    assert line.times[Measure.ACTION].open == 1


def test_overdue_is_unacknowledged_past_its_time(
    database: Database, system_database: Database, clock: FakeClock, group: Group
) -> None:
    _, academy, _, officer = group
    raised = {"received_at": minutes(0), "graded_at": minutes(1), "raised_at": minutes(1)}
    write_times(system_database, academy, **raised, acknowledge_due_at=minutes(60))
    write_times(system_database, academy, **raised, acknowledge_due_at=minutes(90))
    write_times(system_database, academy, **raised, acknowledge_due_at=None)
    write_times(
        system_database, academy, **raised, acknowledge_due_at=minutes(30), acknowledged_at=minutes(45)
    )
    clock.at = minutes(60)
    assert shown(database, clock, officer).academies[0].counts.overdue == 0
    clock.advance(seconds=1)
    counts = shown(database, clock, officer).academies[0].counts
    assert (counts.open, counts.unacknowledged, counts.overdue) == (4, 3, 1)


def test_a_clock_that_was_behind_never_makes_a_time_negative(
    database: Database, system_database: Database, clock: FakeClock, group: Group
) -> None:
    _, academy, _, officer = group
    write_times(system_database, academy, received_at=minutes(1), graded_at=minutes(0))
    clock.advance(hours=1)
    assert shown(database, clock, officer).academies[0].times[Measure.GRADE].p50_s == 0


def test_the_window_and_its_weeks(
    database: Database, system_database: Database, clock: FakeClock, group: Group
) -> None:
    _, academy, _, officer = group
    last_week, before = MONDAY - timedelta(days=7), datetime.fromisoformat("2026-11-08T23:59:59+00:00")
    for raised_at, severity in ((MONDAY, 5), (MONDAY, 4), (last_week, 4), (before, 3)):
        write_times(
            system_database,
            academy,
            severity=severity,
            received_at=raised_at,
            raised_at=raised_at,
            recorded_at=raised_at,
        )
    clock.advance(days=3)
    two_weeks = shown(database, clock, officer, weeks=2)
    assert [(week.week_start.isoformat(), week.by_severity) for week in two_weeks.weeks] == [
        ("2026-11-09", {1: 0, 2: 0, 3: 0, 4: 1, 5: 0}),
        ("2026-11-16", {1: 0, 2: 0, 3: 0, 4: 1, 5: 1}),
    ]
    assert two_weeks.totals.alerts == {1: 0, 2: 0, 3: 0, 4: 2, 5: 1}
    assert two_weeks.totals.events == 3
    assert shown(database, clock, officer, weeks=3).totals.alerts[3] == 1


@pytest.mark.parametrize("weeks", [0, 53, -1])
def test_no_other_number_of_weeks(database: Database, clock: FakeClock, group: Group, weeks: int) -> None:
    with pytest.raises(InvalidError):
        shown(database, clock, group[3], weeks=weeks)


def test_totals_are_the_sum_of_the_academies_and_percentiles_are_of_all(
    database: Database, system_database: Database, clock: FakeClock, group: Group
) -> None:
    _, first, second, officer = group
    for academy, took in ((first, 1), (first, 2), (second, 30)):
        write_times(
            system_database,
            academy,
            received_at=minutes(0),
            graded_at=minutes(took),
            raised_at=minutes(took),
            acknowledge_due_at=minutes(60),
            referred_at=minutes(50),
        )
    clock.advance(hours=2)
    whole = shown(database, clock, officer)
    assert [line.name for line in whole.academies] == ["Alder Academy", "Birch Academy"]
    for field in ("open", "unacknowledged", "overdue", "referrals", "events", "dismissed", "concerns_open"):
        parts = [getattr(line.counts, field) for line in whole.academies]
        assert getattr(whole.totals, field) == sum(parts), field
    assert whole.totals.overdue == 3
    for severity, count in whole.totals.alerts.items():
        assert count == sum(line.counts.alerts[severity] for line in whole.academies)
    assert whole.total_times[Measure.GRADE].p50_s == 2 * 60
    assert whole.total_times[Measure.GRADE].n == 3


def test_an_academy_where_nothing_happened_is_on_the_board(
    database: Database, clock: FakeClock, group: Group
) -> None:
    whole = shown(database, clock, group[3])
    assert [line.counts.events for line in whole.academies] == [0, 0]
    assert whole.totals.alerts == dict.fromkeys(range(1, 6), 0)
    assert whole.total_times[Measure.TELL].p50_s is None


def test_each_reader_sees_only_what_they_answer_for(
    database: Database, system_database: Database, clock: FakeClock, group: Group
) -> None:
    trust, first, second, officer = group
    for academy in (first, second):
        write_times(system_database, academy, received_at=minutes(0), raised_at=minutes(1))
    dsl = make_actor(system_database, Role.DSL, academy=first)
    stranger = make_actor(system_database, Role.TRUST_OFFICER)
    moderator = make_actor(system_database, Role.MODERATOR, trust=trust)
    clock.advance(hours=1)
    seen = {"officer": (officer, 2), "dsl": (dsl, 1), "stranger": (stranger, 0), "moderator": (moderator, 0)}
    for reader, count in seen.values():
        view = shown(database, clock, reader)
        assert view.totals.events == count
        assert sum(week.by_severity[4] for week in view.weeks) == count
        with database.read(reader.database_scope()) as session:
            assert session.execute(text("SELECT count(*) FROM response_time")).scalar_one() == count
    assert [line.academy_id for line in shown(database, clock, dsl).academies] == [first.id]
    assert shown(database, clock, stranger).academies == ()


def test_a_forged_list_of_academies_meets_the_databases_own_wall(
    database: Database, system_database: Database, clock: FakeClock, group: Group
) -> None:
    _, first, _, officer = group
    write_times(system_database, first, received_at=minutes(0), raised_at=minutes(1))
    stranger = make_actor(system_database, Role.TRUST_OFFICER)
    # The query asks for the officer's academies under the stranger's scope.
    with database.read(stranger.database_scope()) as session:
        view = board(session, officer, clock)
    assert view.totals.events == 0
    assert view.academies == ()
