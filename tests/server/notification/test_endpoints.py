"""The DSL's doors: list, open, acknowledge by page and by link, end; 404 for everybody else's."""

from collections.abc import Callable
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.notification.tell import tell
from server.organisation.domain import Role
from server.routing.attach_review import attach_review
from shared.taxonomy import Severity
from tests.kit.chain import MESSAGE, RecordingChannel, decide_event, deliver_all, send_unreviewed
from tests.kit.clock import FakeClock
from tests.kit.live_queue import PASSAGE
from tests.kit.organisation import Staff, make_staff
from tests.server.notification.conftest import School

ClientOf = Callable[[Staff], TestClient]


@pytest.fixture
def told(
    system_database: Database, keyring: Keyring, clock: FakeClock, raise_level: Callable[[int], UUID]
) -> tuple[UUID, str]:
    """The alert, and the link's token of its first mail."""
    alert_id = raise_level(4)
    with system_database.write() as session:
        tell(session, clock, alert_id)
    channel = RecordingChannel()
    deliver_all(system_database, clock, keyring, channel, alert_id)
    return alert_id, channel.sent[0].text.split("/acknowledge/")[1].split()[0]


def test_a_dsl_reads_answers_and_ends(told: tuple[UUID, str], school: School, client_of: ClientOf) -> None:
    alert_id, _ = told
    page = client_of(school.dsl)
    (line,) = page.get("/api/alerts").json()["items"]
    assert (line["alert_id"], line["state"], line["severity"]) == (str(alert_id), "told", 4)
    assert line["student"]["display_name"] == "Maya Okafor"
    assert PASSAGE not in page.get("/api/alerts?state=all").text

    answer = page.get(f"/api/alerts/{alert_id}")
    assert answer.headers["cache-control"] == "no-store, private"
    seen = answer.json()
    assert (seen["passage"], seen["message"]) == (PASSAGE, MESSAGE)
    assert seen["facets"]["subject_role"] == "self_at_risk"
    assert seen["concern_id"] is None
    assert {one["state"] for one in seen["notices"]} == {"sent"}

    path = f"/api/alerts/{alert_id}/no-further-action"
    assert page.post(path, json={"reason": "Known to us."}).status_code == 409
    for _ in range(2):
        assert page.post(f"/api/alerts/{alert_id}/acknowledge").status_code == 204
    late = client_of(school.deputy).post(f"/api/alerts/{alert_id}/acknowledge")
    assert (late.status_code, late.json()["code"]) == (409, "already_acknowledged")
    assert page.post(path, json={"reason": ""}).status_code == 422
    assert page.post(path, json={"reason": "Known to us."}).status_code == 204
    assert page.get("/api/alerts").json()["items"] == []
    assert page.get("/api/alerts?state=all").json()["items"][0]["state"] == "no_further_action"


def test_a_link_needs_a_person_and_a_press(
    told: tuple[UUID, str], school: School, client: TestClient, client_of: ClientOf
) -> None:
    alert_id, token = told
    page = client_of(school.dsl)
    # A scanner opens the link; nothing happens.
    client.get(f"/acknowledge/{token}")
    assert client.get("/api/acknowledge").status_code in (404, 405)
    assert client.post("/api/acknowledge", json={"token": token}).status_code == 401
    assert page.get("/api/alerts").json()["items"][0]["acknowledged_at"] is None

    done = page.post("/api/acknowledge", json={"token": token}).json()
    assert (done["alert_id"], done["is_mine"], done["acknowledged_by_name"]) == (
        str(alert_id),
        True,
        "Sam Patel",
    )
    second = client_of(school.deputy).post("/api/acknowledge", json={"token": token}).json()
    assert (second["is_mine"], second["acknowledged_by_name"]) == (False, "Sam Patel")
    broken = page.post("/api/acknowledge", json={"token": token[:-4] + "AAAA"})
    assert (broken.status_code, broken.json()["code"]) == (422, "bad_link")


def test_another_academys_dsl_gets_404_everywhere(
    told: tuple[UUID, str], system_database: Database, client_of: ClientOf
) -> None:
    alert_id, token = told
    stranger = client_of(make_staff(system_database, Role.DSL))
    assert stranger.get("/api/alerts?state=all").json() == {"items": []}
    assert stranger.get(f"/api/alerts/{alert_id}").status_code == 404
    assert stranger.post(f"/api/alerts/{alert_id}/acknowledge").status_code == 404
    assert stranger.post("/api/acknowledge", json={"token": token}).status_code == 404
    reason = {"reason": "Known to us."}
    assert stranger.post(f"/api/alerts/{alert_id}/no-further-action", json=reason).status_code == 404


def test_a_trust_officer_and_a_moderator_read_no_alert(
    told: tuple[UUID, str], school: School, system_database: Database, client_of: ClientOf
) -> None:
    alert_id, token = told
    for person in (school.officer, make_staff(system_database, Role.MODERATOR)):
        page = client_of(person)
        assert page.get("/api/alerts").status_code == 403
        assert page.get(f"/api/alerts/{alert_id}").status_code == 403
        assert page.post("/api/acknowledge", json={"token": token}).status_code == 403


def test_an_unreviewed_alert_says_so_and_what_it_means(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    school: School,
    client_of: ClientOf,
) -> None:
    event_id, alert_id = send_unreviewed(
        system_database, clock, keyring, school.academy, student_id=school.student_id
    )
    page = client_of(school.dsl)
    (line,) = page.get("/api/alerts").json()["items"]
    assert (line["is_unreviewed"], line["unreviewed_severity"], line["reviewed_at"]) == (True, 5, None)
    seen = page.get(f"/api/alerts/{alert_id}").json()
    assert (seen["passage"], seen["message"], seen["facets"]) == (PASSAGE, "", None)
    assert "No person has reviewed this yet" in seen["review_note"]
    decide_event((database, system_database), clock, keyring, school.academy, event_id, severity=Severity(4))
    with system_database.write() as session:
        attach_review(session, clock, event_id)
    seen = page.get(f"/api/alerts/{alert_id}").json()
    assert (seen["is_unreviewed"], seen["unreviewed_severity"], seen["severity"]) == (False, 5, 4)
    assert (seen["message"], seen["facets"]["authenticity"]) == (MESSAGE, "genuine")
    assert seen["review_note"].endswith("A moderator has graded it Level 4 since.")


def test_a_dsl_may_take_an_unreviewed_alert_into_the_record_by_hand(
    system_database: Database, keyring: Keyring, clock: FakeClock, school: School, client_of: ClientOf
) -> None:
    _, alert_id = send_unreviewed(
        system_database, clock, keyring, school.academy, student_id=school.student_id
    )
    done = client_of(school.dsl).post(f"/api/alerts/{alert_id}/record", json={"summary": "Spoke with Maya."})
    assert done.status_code == 200
