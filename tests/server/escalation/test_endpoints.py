"""Escalation over HTTP: refer, answer, read the whole record; and nobody else's."""

from collections.abc import Callable

from starlette.testclient import TestClient

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.organisation.domain import Role
from tests.kit.clock import FakeClock
from tests.kit.organisation import Staff, Trust, make_staff
from tests.kit.record import SUMMARY, audit_verbs, make_alert, make_concern, make_school

ClientOf = Callable[[Staff], TestClient]
REFERRAL = {"agency": "police", "reference": "", "rationale": "She was hit.", "consent": "obtained"}


def test_from_alert_to_outcome_the_record_shows_it_all(
    client_of: ClientOf, system_database: Database, keyring: Keyring, clock: FakeClock
) -> None:
    school = make_school(system_database)
    made = make_alert(system_database, keyring, school.academy, student_id=school.student_id)
    clock.advance(minutes=30)
    dsl = client_of(school.dsl_staff)
    opened = dsl.post(f"/api/alerts/{made.alert_id}/record", json={"summary": SUMMARY}).json()
    referral = dsl.post(f"/api/concerns/{opened['concern_id']}/referrals", json=REFERRAL)
    assert referral.status_code == 201
    outcome = f"/api/referrals/{referral.json()['referral_id']}/outcome"
    refused = dsl.post(outcome, json={"decision": "outcome", "what": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "referral_state")
    assert dsl.post(outcome, json={"decision": "accepted", "what": "Taken on."}).status_code == 204
    answer = dsl.get(f"/api/students/{school.student_id}/record")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["cache-control"]
    record = answer.json()
    assert set(record) == {"student", "attendance", "behaviour", "concerns", "chronology"}
    assert set(record["student"]) == {
        "id",
        "display_name",
        "date_of_birth",
        "year_group",
        "registration_group",
        "academy_name",
    }
    [concern] = record["concerns"]
    assert (concern["state"], concern["alert_id"]) == ("open", str(made.alert_id))
    [shown] = concern["referrals"]
    assert (shown["state"], shown["agency"]) == ("accepted", "police")
    assert shown["outcomes"][0]["what"] == "Taken on."
    assert [line["kind"] for line in record["chronology"]] == ["concern", "referral", "outcome"]
    assert audit_verbs(system_database, school.student_id) == ["read_record"]


def test_every_door_is_closed_to_those_whose_record_it_is_not(
    client_of: ClientOf,
    client: TestClient,
    database: Database,
    system_database: Database,
    clock: FakeClock,
) -> None:
    school, other = make_school(system_database), make_school(system_database)
    concern_id = make_concern(database, clock, school)
    referral = client_of(school.dsl_staff).post(f"/api/concerns/{concern_id}/referrals", json=REFERRAL)
    doors = [
        ("GET", f"/api/students/{school.student_id}/record", None),
        ("POST", f"/api/concerns/{concern_id}/referrals", REFERRAL),
        (
            "POST",
            f"/api/referrals/{referral.json()['referral_id']}/outcome",
            {"decision": "accepted", "what": "x"},
        ),
    ]
    trust = Trust(school.academy.trust_id, "")
    officer = client_of(make_staff(system_database, Role.TRUST_OFFICER, trust=trust))
    moderator = client_of(make_staff(system_database, Role.MODERATOR, trust=trust))
    for method, address, body in doors:
        for browser, status in (
            (client_of(other.dsl_staff), 404),
            (officer, 403),
            (moderator, 403),
            (client, 401),
        ):
            assert browser.request(method, address, json=body).status_code == status, address


def test_words_we_do_not_know_are_refused(
    client_of: ClientOf, database: Database, system_database: Database, clock: FakeClock
) -> None:
    school = make_school(system_database)
    address = f"/api/concerns/{make_concern(database, clock, school)}/referrals"
    dsl = client_of(school.dsl_staff)
    for wrong in ({"agency": "newspaper"}, {"consent": "maybe"}, {"rationale": ""}, {"more": 1}):
        answer = dsl.post(address, json=REFERRAL | wrong)
        assert answer.status_code == 422
        assert "She was hit" not in answer.text
