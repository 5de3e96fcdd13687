"""An alert becomes one concern, of one student of its academy, however often and by however many it is asked."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from server.access.scope import Actor
from server.kit.db import Database
from server.kit.errors import InvalidError, NotFoundError
from server.kit.sealing import Keyring
from server.notification.acknowledge import acknowledge
from server.organisation.domain import Role
from server.record.domain import AlertClosedError, AlreadyRecordedError, StudentRequiredError
from server.record.open_concern import OpenConcernCommand, OpenedConcern, open_concern
from server.routing.no_further_action import no_further_action
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.live_queue import make_known_student
from tests.kit.organisation import Trust, make_actor
from tests.kit.record import SUMMARY, School, announced, audit_verbs, make_alert, make_school


def opened(
    database: Database, clock: FakeClock, actor: Actor, alert_id: UUID, student_id: UUID | None = None
) -> OpenedConcern:
    with database.write(actor.database_scope()) as session:
        return open_concern(session, actor, clock, OpenConcernCommand(alert_id, SUMMARY, student_id))


def alert_row(system_database: Database, alert_id: UUID) -> dict[str, object]:
    with system_database.read() as session:
        return dict(
            session.execute(text("SELECT * FROM alert WHERE id = :id"), {"id": alert_id}).mappings().one()
        )


@pytest.fixture
def school(system_database: Database) -> School:
    return make_school(system_database)


def test_it_stands_in_the_record_and_the_alert_is_acknowledged_and_recorded(
    database: Database, system_database: Database, clock: FakeClock, keyring: Keyring, school: School
) -> None:
    made = make_alert(system_database, keyring, school.academy, student_id=school.student_id)
    clock.advance(minutes=20)
    concern = opened(database, clock, school.dsl, made.alert_id)
    with system_database.read() as session:
        row = session.execute(
            text(
                "SELECT student_id, alert_id, category, theme, severity, summary, occurred_at, recorded_at,"
                " recorded_by FROM concern WHERE id = :id"
            ),
            {"id": concern.concern_id},
        ).one()
    assert tuple(row) == (
        school.student_id,
        made.alert_id,
        "VP",
        "T05",
        4,
        SUMMARY,
        MONDAY,
        clock.now(),
        school.dsl.staff_id,
    )
    alert = alert_row(system_database, made.alert_id)
    assert (alert["state"], alert["recorded_at"], alert["next_chase_at"]) == ("recorded", clock.now(), None)
    assert alert["acknowledged_by"] == school.dsl.staff_id
    assert audit_verbs(system_database, concern.concern_id) == ["opened_concern"]
    assert audit_verbs(system_database, made.alert_id) == ["acknowledged"]
    messages = announced(system_database, school.academy)
    assert [name for name, _ in messages] == ["AlertAcknowledged", "ConcernOpened"]
    assert messages[1][1]["event_id"] == str(made.event_id)
    assert SUMMARY not in str(messages)


def test_what_a_colleague_acknowledged_stays_theirs(
    database: Database, system_database: Database, clock: FakeClock, keyring: Keyring, school: School
) -> None:
    made = make_alert(system_database, keyring, school.academy, student_id=school.student_id)
    with database.write(school.deputy.database_scope()) as session:
        acknowledge(session, school.deputy, clock, alert_id=made.alert_id)
    clock.advance(minutes=5)
    opened(database, clock, school.dsl, made.alert_id)
    alert = alert_row(system_database, made.alert_id)
    assert (alert["acknowledged_by"], alert["acknowledged_at"]) == (school.deputy.staff_id, MONDAY)


def test_asked_again_it_is_the_same_concern(
    database: Database, system_database: Database, clock: FakeClock, keyring: Keyring, school: School
) -> None:
    made = make_alert(system_database, keyring, school.academy, student_id=school.student_id)
    first = opened(database, clock, school.dsl, made.alert_id)
    assert opened(database, clock, school.dsl, made.alert_id) == first
    assert opened(database, clock, school.dsl, made.alert_id, school.student_id) == first
    assert len(announced(system_database, school.academy)) == 2


def test_somebody_elses_words_are_not_lost_in_silence(
    database: Database, system_database: Database, clock: FakeClock, keyring: Keyring, school: School
) -> None:
    made = make_alert(system_database, keyring, school.academy, student_id=school.student_id)
    first = opened(database, clock, school.dsl, made.alert_id)
    with pytest.raises(AlreadyRecordedError) as refused:
        opened(database, clock, school.deputy, made.alert_id)
    assert str(first.concern_id) in refused.value.detail
    other = make_known_student(system_database, school.academy, given="Kofi", family="Mayhew")
    with pytest.raises(AlreadyRecordedError):
        opened(database, clock, school.dsl, made.alert_id, other)


def test_of_many_hands_one_opens_it(
    database: Database, system_database: Database, clock: FakeClock, keyring: Keyring, school: School
) -> None:
    made = make_alert(system_database, keyring, school.academy, student_id=school.student_id)

    def try_once(actor: Actor) -> str:
        try:
            return str(opened(database, clock, actor, made.alert_id).concern_id)
        except AlreadyRecordedError:
            return "refused"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(try_once, [school.dsl, school.deputy] * 2))
    assert len(set(answers)) == 2
    assert answers.count("refused") == 2
    names = [name for name, _ in announced(system_database, school.academy)]
    assert sorted(names) == ["AlertAcknowledged", "ConcernOpened"]


def test_where_the_device_did_not_know_the_dsl_must_say_who(
    database: Database, system_database: Database, clock: FakeClock, keyring: Keyring, school: School
) -> None:
    made = make_alert(system_database, keyring, school.academy)
    with pytest.raises(StudentRequiredError):
        opened(database, clock, school.dsl, made.alert_id)
    assert alert_row(system_database, made.alert_id)["state"] == "raised"
    concern = opened(database, clock, school.dsl, made.alert_id, school.student_id)
    assert concern.student_id == school.student_id
    assert alert_row(system_database, made.alert_id)["student_id"] == school.student_id


def test_a_borrowed_account_is_recorded_under_who_it_was(
    database: Database, system_database: Database, clock: FakeClock, keyring: Keyring, school: School
) -> None:
    made = make_alert(system_database, keyring, school.academy, student_id=school.student_id)
    really = make_known_student(system_database, school.academy, given="Kofi", family="Mayhew")
    assert opened(database, clock, school.dsl, made.alert_id, really).student_id == really
    # What the device said stays on the alert.
    assert alert_row(system_database, made.alert_id)["student_id"] == school.student_id


def test_a_student_of_another_academy_cannot_be_named(
    database: Database, system_database: Database, clock: FakeClock, keyring: Keyring, school: School
) -> None:
    other = make_school(system_database)
    made = make_alert(system_database, keyring, school.academy)
    both = replace(school.dsl, appointments=school.dsl.appointments + other.dsl.appointments)
    for student_id in (other.student_id, uuid4()):
        for actor in (school.dsl, both):
            with pytest.raises(NotFoundError):
                opened(database, clock, actor, made.alert_id, student_id)


def test_an_alert_that_was_ended_is_not_taken_into_a_record(
    database: Database, system_database: Database, clock: FakeClock, keyring: Keyring, school: School
) -> None:
    made = make_alert(system_database, keyring, school.academy, student_id=school.student_id)
    with database.write(school.dsl.database_scope()) as session:
        acknowledge(session, school.dsl, clock, alert_id=made.alert_id)
        no_further_action(
            session, school.dsl, clock, alert_id=made.alert_id, reason="It was her essay in English."
        )
    with pytest.raises(AlertClosedError):
        opened(database, clock, school.dsl, made.alert_id)


def test_an_empty_summary_is_refused(
    database: Database, system_database: Database, clock: FakeClock, keyring: Keyring, school: School
) -> None:
    made = make_alert(system_database, keyring, school.academy, student_id=school.student_id)
    with database.write(school.dsl.database_scope()) as session, pytest.raises(InvalidError):
        open_concern(session, school.dsl, clock, OpenConcernCommand(made.alert_id, " \n"))


def test_nobody_else_can_open_it(
    database: Database, system_database: Database, clock: FakeClock, keyring: Keyring, school: School
) -> None:
    made = make_alert(system_database, keyring, school.academy, student_id=school.student_id)
    trust = Trust(school.academy.trust_id, "")
    strangers = [
        make_school(system_database).dsl,
        make_actor(system_database, Role.TRUST_OFFICER, trust=trust),
        make_actor(system_database, Role.MODERATOR, trust=trust),
    ]
    clock.at = MONDAY + timedelta(minutes=10)
    for stranger in strangers:
        with pytest.raises(NotFoundError):
            opened(database, clock, stranger, made.alert_id)
    assert alert_row(system_database, made.alert_id)["state"] == "raised"
