"""The moderators' doors: claim, hold, read, hand back; nothing for anybody else."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.organisation.domain import Role
from tests.kit.clock import FakeClock
from tests.kit.live_queue import PASSAGE, make_known_student, queue_event
from tests.kit.organisation import Academy, Staff, Trust, make_academy, make_staff

ClientOf = Callable[[Staff], TestClient]


@pytest.fixture
def academy(system_database: Database) -> Academy:
    return make_academy(system_database)


@pytest.fixture
def moderator(system_database: Database, academy: Academy, client_of: ClientOf) -> TestClient:
    return client_of(make_staff(system_database, Role.MODERATOR, trust=Trust(academy.trust_id, "")))


@pytest.fixture
def event_id(system_database: Database, keyring: Keyring, academy: Academy) -> UUID:
    student_id = make_known_student(system_database, academy)
    return queue_event(system_database, keyring, academy, student_id=student_id)


def test_the_whole_hold(moderator: TestClient, event_id: UUID) -> None:
    queue = moderator.get("/api/queue").json()
    assert queue["counts"] == {"queued": 1, "claimed": 0}
    assert queue["items"][0]["category"] == "VP"
    assert PASSAGE not in str(queue)

    claim = moderator.post("/api/queue/claim").json()
    assert claim["event_id"] == str(event_id)
    token = {"claim_token": claim["claim_token"]}
    assert moderator.post("/api/queue/claim").status_code == 204
    assert moderator.post(f"/api/queue/{event_id}/heartbeat", json=token).json()["expires_at"]

    answer = moderator.get(f"/api/queue/{event_id}")
    assert answer.headers["cache-control"] == "no-store, private"
    seen = answer.json()
    assert seen["passage"] == PASSAGE
    assert seen["suggestion"]["theme"] == "T05"
    assert seen["marks"] == [{"start": 26, "end": len(PASSAGE), "theme": "T05"}]

    assert moderator.post(f"/api/queue/{event_id}/release", json=token).status_code == 204
    lost = moderator.get(f"/api/queue/{event_id}")
    assert (lost.status_code, lost.json()["code"]) == (409, "claim_lost")
    assert moderator.post(f"/api/queue/{event_id}/claim").status_code == 200


def test_a_moderator_never_gets_a_name(moderator: TestClient, event_id: UUID) -> None:
    moderator.post(f"/api/queue/{event_id}/claim")
    seen = moderator.get(f"/api/queue/{event_id}").text + moderator.get("/api/queue").text
    for name in ("Maya", "Okafor", "m.okafor", "Marsh Lane", "student_id", "academy"):
        assert name not in seen


def test_two_moderators_and_one_event(
    moderator: TestClient, event_id: UUID, academy: Academy, system_database: Database, client_of: ClientOf
) -> None:
    other = client_of(make_staff(system_database, Role.MODERATOR, trust=Trust(academy.trust_id, "")))
    assert moderator.post(f"/api/queue/{event_id}/claim").status_code == 200
    refused = other.post(f"/api/queue/{event_id}/claim")
    assert (refused.status_code, refused.json()["code"]) == (409, "claim_held")
    for path in (f"/api/queue/{event_id}", f"/api/queue/{event_id}/screenshot"):
        assert other.get(path).status_code == 409
    wrong = {"claim_token": str(uuid4())}
    assert other.post(f"/api/queue/{event_id}/heartbeat", json=wrong).json()["code"] == "claim_lost"


def test_another_trusts_moderator_sees_no_event(
    event_id: UUID, system_database: Database, client_of: ClientOf
) -> None:
    stranger = client_of(make_staff(system_database, Role.MODERATOR))
    assert stranger.get("/api/queue").json() == {"counts": {"queued": 0, "claimed": 0}, "items": []}
    assert stranger.post("/api/queue/claim").status_code == 204
    assert stranger.post(f"/api/queue/{event_id}/claim").status_code == 404
    assert stranger.get(f"/api/queue/{event_id}").status_code == 404


@pytest.mark.parametrize("role", [Role.DSL, Role.DEPUTY_DSL, Role.TRUST_OFFICER])
def test_nobody_at_a_school_has_a_queue(
    role: Role, academy: Academy, event_id: UUID, system_database: Database, client_of: ClientOf
) -> None:
    person = client_of(make_staff(system_database, role, academy=academy))
    assert person.get("/api/queue").status_code == 403
    assert person.post("/api/queue/claim").status_code == 403
    assert person.get(f"/api/queue/{event_id}").status_code == 403


def test_a_screenshot_that_has_not_arrived(moderator: TestClient, event_id: UUID) -> None:
    moderator.post(f"/api/queue/{event_id}/claim")
    missing = moderator.get(f"/api/queue/{event_id}/screenshot")
    assert (missing.status_code, missing.json()["code"]) == (404, "screenshot_missing")


def test_a_lease_that_ended_is_somebody_elses(
    moderator: TestClient,
    event_id: UUID,
    academy: Academy,
    system_database: Database,
    client_of: ClientOf,
    clock: FakeClock,
) -> None:
    claim = moderator.post("/api/queue/claim").json()
    clock.advance(seconds=91)
    other = client_of(make_staff(system_database, Role.MODERATOR, trust=Trust(academy.trust_id, "")))
    assert other.post("/api/queue/claim").json()["event_id"] == str(event_id)
    late = moderator.post(f"/api/queue/{event_id}/heartbeat", json={"claim_token": claim["claim_token"]})
    assert late.status_code == 409
    assert "another moderator" in late.json()["detail"]
