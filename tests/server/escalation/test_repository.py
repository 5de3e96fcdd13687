"""What row-level security leaves of referrals for everybody else, and that nobody can change one."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from server.escalation.domain import Agency, Consent, Decision
from server.escalation.record_outcome import RecordOutcomeCommand, record_outcome
from server.escalation.refer import ReferCommand, refer
from server.escalation.repository import (
    decisions_of,
    list_answers,
    list_answers_of,
    list_referrals_of,
    lock_referral,
)
from server.kit.db import Database
from server.organisation.domain import Role
from shared.ids import ReferralId
from tests.kit.clock import FakeClock
from tests.kit.organisation import Trust, make_actor
from tests.kit.record import School, make_concern, make_school

TABLES = ("referral", "outcome")


@pytest.fixture
def school(system_database: Database) -> School:
    return make_school(system_database)


@pytest.fixture
def referral_id(database: Database, clock: FakeClock, school: School) -> ReferralId:
    """An accepted referral."""
    command = ReferCommand(
        make_concern(database, clock, school), Agency.EARLY_HELP, "The family asked.", Consent.OBTAINED
    )
    with database.write(school.dsl.database_scope()) as session:
        made = refer(session, school.dsl, clock, command)
        record_outcome(session, school.dsl, clock, RecordOutcomeCommand(made, Decision.ACCEPTED, "Taken on."))
    return made


def test_the_school_reads_its_rows_and_nobody_else_any(
    database: Database, system_database: Database, school: School, referral_id: ReferralId
) -> None:
    trust = Trust(school.academy.trust_id, "")
    strangers = [
        make_school(system_database).dsl,
        make_actor(system_database, Role.TRUST_OFFICER, trust=trust),
        make_actor(system_database, Role.MODERATOR, trust=trust),
    ]
    for reader, rows in ((school.dsl, 1), (school.deputy, 1), *((one, 0) for one in strangers)):
        with database.write(reader.database_scope()) as session:
            assert (lock_referral(session, referral_id) is not None) == bool(rows)
            assert len(list_referrals_of(session, school.student_id)) == rows
            assert len(list_answers_of(session, school.student_id)) == rows
            assert len(decisions_of(list_answers(session, referral_id))) == rows
            for table in TABLES:
                assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == rows


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.usefixtures("referral_id")
def test_nothing_can_be_edited_by_anybody(
    database: Database, system_database: Database, school: School, table: str
) -> None:
    for change in (f"UPDATE {table} SET academy_id = academy_id", f"DELETE FROM {table}"):
        for pool, scope in ((database, school.dsl.database_scope()), (system_database, {})):
            with pytest.raises(ProgrammingError, match="permission denied"), pool.write(scope) as session:
                session.execute(text(change))


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [("referral", "agency", Agency), ("referral", "consent", Consent), ("outcome", "decision", Decision)],
)
def test_the_database_knows_the_same_words(
    system_database: Database, table: str, column: str, words: type[Agency | Consent | Decision]
) -> None:
    with system_database.read() as session:
        check = session.execute(
            text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"),
            {"name": f"{table}_{column}_check"},
        ).scalar_one()
    assert check.count("::text,") + 1 == len(words)
    assert all(f"'{word.value}'" in check for word in words)
