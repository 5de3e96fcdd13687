"""Referrals and outcomes stand in their places in the story, and by their concern."""

from datetime import timedelta

from server.escalation.domain import Agency, Consent, Decision, ReferralState
from server.escalation.read_whole_record import read_whole_record
from server.escalation.record_outcome import RecordOutcomeCommand, record_outcome
from server.escalation.refer import ReferCommand, refer
from server.kit.db import Database
from server.record.add_note import AddNoteCommand, add_note
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.record import audit_verbs, make_concern, make_school


def test_the_whole_story_is_one_order(
    database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    first, second = (make_concern(database, clock, school) for _ in range(2))
    scope = school.dsl.database_scope()
    clock.advance(hours=1)
    with database.write(scope) as session:
        referral_id = refer(
            session,
            school.dsl,
            clock,
            ReferCommand(first, Agency.HEALTH, "She does not sleep.", Consent.OBTAINED, "H-7"),
        )
    clock.advance(days=3)
    decided_at = MONDAY + timedelta(hours=20)
    with database.write(scope) as session:
        add_note(session, school.dsl, clock, AddNoteCommand(second, "Her tutor knows."))
        record_outcome(
            session,
            school.dsl,
            clock,
            RecordOutcomeCommand(referral_id, Decision.ACCEPTED, "First visit is booked.", decided_at),
        )
    with database.write(school.deputy.database_scope()) as session:
        whole = read_whole_record(session, school.deputy, school.student_id)
    assert [line.kind.value for line in whole.chronology][2:] == ["referral", "outcome", "note"]
    referred, answered = whole.chronology[2:4]
    assert (referred.title, referred.detail) == ("Referred: Health or CAMHS", "She does not sleep.")
    assert answered.title == "Referral accepted: Health or CAMHS"
    assert (answered.at, answered.late_entry, answered.concern_id) == (decided_at, True, first)
    [referral] = whole.referrals
    assert (referral.concern_id, referral.state, referral.reference) == (first, ReferralState.ACCEPTED, "H-7")
    assert referral.outcomes[0].recorded_by_name == school.dsl.display_name
    assert len(whole.record.chronology) == 3
    assert audit_verbs(system_database, school.student_id) == ["read_record"]
