"""The doors for deciding: what the page sends, and what it is told."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.organisation.domain import Role
from tests.kit.chain import MESSAGE
from tests.kit.live_queue import queue_event
from tests.kit.organisation import Staff, Trust, make_academy, make_staff

GRADE = {
    "category": "VP",
    "theme": "T05",
    "severity": 4,
    "message": MESSAGE,
    "subject_role": "self_at_risk",
    "authenticity": "genuine",
    "immediacy": "no_time",
    "call_required": False,
}


@pytest.fixture
def held(
    system_database: Database, keyring: Keyring, client_of: Callable[[Staff], TestClient]
) -> tuple[TestClient, UUID, str]:
    academy = make_academy(system_database)
    page = client_of(make_staff(system_database, Role.MODERATOR, trust=Trust(academy.trust_id, "")))
    event_id = queue_event(system_database, keyring, academy)
    return page, event_id, page.post(f"/api/queue/{event_id}/claim").json()["claim_token"]


def test_grading_once_and_again(held: tuple[TestClient, UUID, str]) -> None:
    page, event_id, token = held
    body = {**GRADE, "claim_token": token}
    done = page.post(f"/api/moderation/{event_id}/grade", json=body)
    assert done.status_code == 200
    assert UUID(done.json()["grade_id"])
    again = page.post(f"/api/moderation/{event_id}/grade", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "claim_lost")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"message": "short"}, "message_too_short"),
        ({"category": "BU"}, "theme_outside_category"),
        ({"message": "Please exclude this student."}, "message_instructs"),
        ({"severity": 6}, "malformed"),
        ({"theme": "T55"}, "malformed"),
        ({"note": "an unknown field"}, "malformed"),
    ],
)
def test_what_cannot_be_meant_is_refused_without_quoting_it(
    held: tuple[TestClient, UUID, str], changes: dict[str, object], code: str
) -> None:
    page, event_id, token = held
    refused = page.post(f"/api/moderation/{event_id}/grade", json={**GRADE, "claim_token": token, **changes})
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert MESSAGE not in refused.text
    assert "exclude this" not in refused.text


def test_dismissing(held: tuple[TestClient, UUID, str]) -> None:
    page, event_id, token = held
    wrong = {"claim_token": str(uuid4()), "reason": "coursework"}
    assert page.post(f"/api/moderation/{event_id}/dismiss", json=wrong).status_code == 409
    right = {"claim_token": token, "reason": "coursework"}
    assert page.post(f"/api/moderation/{event_id}/dismiss", json=right).status_code == 204


def test_a_dsl_decides_nothing_here(
    held: tuple[TestClient, UUID, str],
    system_database: Database,
    client_of: Callable[[Staff], TestClient],
) -> None:
    _, event_id, token = held
    dsl = client_of(make_staff(system_database, Role.DSL))
    body = {**GRADE, "claim_token": token}
    assert dsl.post(f"/api/moderation/{event_id}/grade", json=body).status_code == 403
    dismissal = {"claim_token": token, "reason": "coursework"}
    assert dsl.post(f"/api/moderation/{event_id}/dismiss", json=dismissal).status_code == 403
