"""A referral is written with its reasons and due time, audited, and announced without a word of them."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from server.escalation.domain import Agency, Consent
from server.escalation.refer import ReferCommand, refer
from server.kit.db import Database
from server.kit.errors import InvalidError, NotFoundError
from server.kit.sealing import Keyring
from server.organisation.domain import Role
from server.record.close_concern import CloseConcernCommand, close_concern
from server.record.domain import ConcernClosedError, OutcomeCode
from server.record.open_concern import OpenConcernCommand, open_concern
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.organisation import Trust, make_actor
from tests.kit.record import SUMMARY, announced, audit_verbs, make_alert, make_concern, make_school

COMMAND = ReferCommand(
    concern_id=uuid4(),
    agency=Agency.LOCAL_AUTHORITY,
    rationale="She told us that she is hit at home.",
    consent=Consent.NOT_SOUGHT_RISK,
    reference=" MASH-1042 ",
)


def test_it_is_written_audited_and_announced(
    database: Database, system_database: Database, clock: FakeClock, keyring: Keyring
) -> None:
    school = make_school(system_database)
    made = make_alert(system_database, keyring, school.academy, student_id=school.student_id)
    with database.write(school.dsl.database_scope()) as session:
        concern = open_concern(session, school.dsl, clock, OpenConcernCommand(made.alert_id, SUMMARY))
        referral_id = refer(session, school.dsl, clock, replace(COMMAND, concern_id=concern.concern_id))
    with system_database.read() as session:
        row = session.execute(
            text(
                "SELECT student_id, agency, reference, consent, referred_at, referred_by, decision_due_at"
                " FROM referral WHERE id = :id"
            ),
            {"id": referral_id},
        ).one()
    assert tuple(row) == (
        school.student_id,
        "local_authority",
        "MASH-1042",
        "not_sought_risk",
        MONDAY,
        school.dsl.staff_id,
        MONDAY + timedelta(days=1),
    )
    assert audit_verbs(system_database, referral_id) == ["made_referral"]
    name, payload = announced(system_database, school.academy)[-1]
    assert (name, payload["event_id"]) == ("ReferralMade", str(made.event_id))
    assert COMMAND.rationale not in str(payload)


def test_a_rationale_is_needed(database: Database, system_database: Database, clock: FakeClock) -> None:
    school = make_school(system_database)
    command = replace(COMMAND, concern_id=make_concern(database, clock, school), rationale=" ")
    with database.write(school.dsl.database_scope()) as session, pytest.raises(InvalidError):
        refer(session, school.dsl, clock, command)


def test_a_closed_concern_is_reopened_first(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    concern_id = make_concern(database, clock, school)
    with database.write(school.dsl.database_scope()) as session:
        close_concern(session, school.dsl, clock, CloseConcernCommand(concern_id, OutcomeCode.ALREADY_KNOWN))
    with database.write(school.dsl.database_scope()) as session, pytest.raises(ConcernClosedError):
        refer(session, school.dsl, clock, replace(COMMAND, concern_id=concern_id))


def test_nobody_else_can_refer_it(database: Database, system_database: Database, clock: FakeClock) -> None:
    school = make_school(system_database)
    command = replace(COMMAND, concern_id=make_concern(database, clock, school))
    trust = Trust(school.academy.trust_id, "")
    for stranger in (
        make_school(system_database).dsl,
        make_actor(system_database, Role.TRUST_OFFICER, trust=trust),
    ):
        with database.write(stranger.database_scope()) as session, pytest.raises(NotFoundError):
            refer(session, stranger, clock, command)
