"""What comes back follows the transition table, in order, once per moment, and by one hand at a time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from server.escalation.domain import Agency, Consent, Decision, TransitionError
from server.escalation.record_outcome import RecordOutcomeCommand, record_outcome
from server.escalation.refer import ReferCommand, refer
from server.kit.db import Database
from server.kit.errors import InvalidError, NotFoundError
from shared.ids import ReferralId
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.record import School, announced, audit_verbs, make_concern, make_school

WHAT = "A social worker will visit on Thursday."


@pytest.fixture
def school(system_database: Database) -> School:
    return make_school(system_database)


@pytest.fixture
def referral_id(database: Database, clock: FakeClock, school: School) -> ReferralId:
    """A referral made now."""
    command = ReferCommand(
        make_concern(database, clock, school), Agency.LOCAL_AUTHORITY, "She is hit at home.", Consent.OBTAINED
    )
    with database.write(school.dsl.database_scope()) as session:
        return refer(session, school.dsl, clock, command)


def answer(database: Database, clock: FakeClock, school: School, command: RecordOutcomeCommand) -> None:
    with database.write(school.dsl.database_scope()) as session:
        record_outcome(session, school.dsl, clock, command)


def test_a_whole_story_is_written_audited_and_announced(
    database: Database, system_database: Database, clock: FakeClock, school: School, referral_id: ReferralId
) -> None:
    # All at one moment of the clock: the order still holds.
    for decision in (Decision.ACCEPTED, Decision.OUTCOME, Decision.OUTCOME):
        answer(database, clock, school, RecordOutcomeCommand(referral_id, decision, WHAT))
    with system_database.read() as session:
        rows = session.execute(
            text("SELECT decision, recorded_at FROM outcome WHERE referral_id = :id ORDER BY recorded_at"),
            {"id": referral_id},
        ).all()
    tick = timedelta(microseconds=1)
    assert [tuple(row) for row in rows] == [
        ("accepted", MONDAY),
        ("outcome", MONDAY + tick),
        ("outcome", MONDAY + 2 * tick),
    ]
    assert audit_verbs(system_database, referral_id) == ["made_referral", *["recorded_outcome"] * 3]
    messages = [name for name, _ in announced(system_database, school.academy)]
    assert messages == ["ConcernOpened", "ReferralMade", *["OutcomeRecorded"] * 3]
    assert WHAT not in str(announced(system_database, school.academy))


def test_an_outcome_needs_a_decision_first(
    database: Database, clock: FakeClock, school: School, referral_id: ReferralId
) -> None:
    with pytest.raises(TransitionError):
        answer(database, clock, school, RecordOutcomeCommand(referral_id, Decision.OUTCOME, WHAT))


def test_when_it_was_decided_may_lie_back_but_not_before_the_referral_or_ahead(
    database: Database, clock: FakeClock, school: School, referral_id: ReferralId
) -> None:
    clock.advance(days=1)
    for outcome_at in (MONDAY - timedelta(hours=1), MONDAY + timedelta(days=2)):
        with pytest.raises(InvalidError):
            answer(
                database,
                clock,
                school,
                RecordOutcomeCommand(referral_id, Decision.ACCEPTED, WHAT, outcome_at),
            )
    back = RecordOutcomeCommand(referral_id, Decision.ACCEPTED, WHAT, MONDAY + timedelta(hours=2))
    answer(database, clock, school, back)
    with pytest.raises(TransitionError):
        answer(database, clock, school, back)


def test_of_many_hands_one_decides(
    database: Database, clock: FakeClock, school: School, referral_id: ReferralId
) -> None:
    def try_once(decision: Decision) -> str:
        try:
            answer(database, clock, school, RecordOutcomeCommand(referral_id, decision, WHAT))
        except TransitionError:
            return "refused"
        return "written"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(try_once, [Decision.ACCEPTED, Decision.DECLINED] * 2))
    assert answers == ["refused"] * 3 + ["written"]


def test_another_academys_referral_does_not_exist(
    database: Database, system_database: Database, clock: FakeClock, referral_id: ReferralId
) -> None:
    with pytest.raises(NotFoundError):
        answer(
            database,
            clock,
            make_school(system_database),
            RecordOutcomeCommand(referral_id, Decision.ACCEPTED, WHAT),
        )
