"""The record over HTTP: a whole story, and closed doors for everybody whose it is not."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.organisation.domain import Role
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.organisation import Staff, Trust, make_staff
from tests.kit.record import SUMMARY, make_alert, make_concern, make_school

ClientOf = Callable[[Staff], TestClient]
CONCERN = {
    "category": "VP",
    "theme": "T04",
    "severity": 3,
    "summary": SUMMARY,
    "occurred_at": MONDAY.isoformat(),
}


def test_an_alert_is_taken_into_the_record_and_worked_on(
    client_of: ClientOf, system_database: Database, keyring: Keyring
) -> None:
    school = make_school(system_database)
    made = make_alert(system_database, keyring, school.academy, student_id=school.student_id)
    dsl = client_of(school.dsl_staff)
    answer = dsl.post(f"/api/alerts/{made.alert_id}/record", json={"summary": SUMMARY})
    assert answer.status_code == 200
    assert answer.json()["student_id"] == str(school.student_id)
    concern = f"/api/concerns/{answer.json()['concern_id']}"
    action = dsl.post(
        f"{concern}/actions",
        json={"what": "Call home", "owner_id": str(school.deputy.staff_id), "due_on": "2026-11-17"},
    )
    assert action.status_code == 201
    assert dsl.post(f"/api/actions/{action.json()['action_id']}/done", json={"text": ""}).status_code == 201
    again = dsl.post(f"/api/actions/{action.json()['action_id']}/done", json={"text": ""})
    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    assert dsl.post(f"{concern}/notes", json={"text": "Her mother called back."}).status_code == 201
    closing = {"outcome_code": "family_support", "text": "The family has support now."}
    assert dsl.post(f"{concern}/close", json=closing).status_code == 201
    refused = dsl.post(f"{concern}/actions", json={"what": "One more"})
    assert (refused.status_code, refused.json()["code"]) == (409, "concern_closed")
    assert dsl.post(f"{concern}/reopen", json={"text": "She came back today."}).status_code == 201


def test_an_alert_recorded_twice_answers_alike_and_recorded_otherwise_conflicts(
    client_of: ClientOf, system_database: Database, keyring: Keyring
) -> None:
    school = make_school(system_database)
    made = make_alert(system_database, keyring, school.academy)
    dsl = client_of(school.dsl_staff)
    address = f"/api/alerts/{made.alert_id}/record"
    unknown = dsl.post(address, json={"summary": SUMMARY})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "student_required")
    body = {"summary": SUMMARY, "student_id": str(school.student_id)}
    first, second = dsl.post(address, json=body), dsl.post(address, json=body)
    assert first.json() == second.json()
    other = dsl.post(address, json=body | {"summary": "Something else."})
    assert (other.status_code, other.json()["code"]) == (409, "already_recorded")
    assert first.json()["concern_id"] in other.json()["detail"]


def test_a_concern_is_written_by_hand(client_of: ClientOf, system_database: Database) -> None:
    school = make_school(system_database)
    dsl = client_of(school.dsl_staff)
    address = f"/api/students/{school.student_id}/concerns"
    assert dsl.post(address, json=CONCERN).status_code == 201
    for wrong in ({"theme": "T99"}, {"severity": 6}, {"occurred_at": "2026-11-16T09:00:00"}, {"more": 1}):
        answer = dsl.post(address, json=CONCERN | wrong)
        assert answer.status_code == 422
        assert SUMMARY not in answer.text


def test_students_and_colleagues_are_found(client_of: ClientOf, system_database: Database) -> None:
    school = make_school(system_database)
    dsl = client_of(school.dsl_staff)
    found = dsl.post("/api/students/search", json={"q": "oka"}).json()
    assert found == {
        "items": [
            {
                "id": str(school.student_id),
                "display_name": "Maya Okafor",
                "year_group": 9,
                "registration_group": None,
                "academy_name": school.academy.name,
            }
        ]
    }
    assert dsl.post("/api/students/search", json={"q": "o"}).status_code == 422
    assert dsl.post("/api/students/search", json={"q": "o   "}).json() == {"items": []}
    colleagues = dsl.get("/api/colleagues").json()["items"]
    assert [one["role"] for one in colleagues] == ["dsl", "deputy_dsl"]
    assert set(colleagues[0]) == {"staff_id", "display_name", "role"}


def test_every_door_is_closed_to_those_whose_record_it_is_not(
    client_of: ClientOf,
    client: TestClient,
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
) -> None:
    school, other = make_school(system_database), make_school(system_database)
    made = make_alert(system_database, keyring, school.academy, student_id=school.student_id)
    concern_id = make_concern(database, clock, school)
    action = client_of(school.dsl_staff).post(
        f"/api/concerns/{concern_id}/actions", json={"what": "Call home"}
    )
    doors: list[tuple[str, dict[str, object]]] = [
        (f"/api/alerts/{made.alert_id}/record", {"summary": SUMMARY}),
        (f"/api/students/{school.student_id}/concerns", dict(CONCERN)),
        (f"/api/concerns/{concern_id}/actions", {"what": "x"}),
        (f"/api/actions/{action.json()['action_id']}/done", {}),
        (f"/api/concerns/{concern_id}/notes", {"text": "x"}),
        (f"/api/concerns/{concern_id}/close", {"outcome_code": "already_known"}),
        (f"/api/concerns/{concern_id}/reopen", {"text": "x"}),
    ]
    trust = Trust(school.academy.trust_id, "")
    officer = client_of(make_staff(system_database, Role.TRUST_OFFICER, trust=trust))
    moderator = client_of(make_staff(system_database, Role.MODERATOR, trust=trust))
    stranger = client_of(other.dsl_staff)
    for address, body in doors:
        assert stranger.post(address, json=body).status_code == 404, address
        assert officer.post(address, json=body).status_code == 403, address
        assert moderator.post(address, json=body).status_code == 403, address
        assert client.post(address, json=body).status_code == 401, address
    for who, status in ((officer, 403), (moderator, 403), (client, 401)):
        assert who.get("/api/colleagues").status_code == status
        assert who.post("/api/students/search", json={"q": "maya"}).status_code == status


@pytest.mark.parametrize("door", ["actions", "notes", "close", "reopen"])
def test_a_concern_that_does_not_exist_is_not_found(
    client_of: ClientOf, system_database: Database, door: str
) -> None:
    school = make_school(system_database)
    body = {
        "actions": {"what": "x"},
        "notes": {"text": "x"},
        "close": {"outcome_code": "already_known"},
        "reopen": {"text": "x"},
    }[door]
    answer = client_of(school.dsl_staff).post(f"/api/concerns/{uuid4()}/{door}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
