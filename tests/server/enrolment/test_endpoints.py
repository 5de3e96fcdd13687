"""The enrolment door: 201, then 200, and one answer to everybody else."""

from uuid import UUID

from starlette.testclient import TestClient

from server.kit.db import Database
from server.kit.sealing import Keyring
from shared.wire import (
    ENROL_PATH,
    from_base64,
    to_base64,
)
from tests.kit.clock import FakeClock
from tests.kit.enrolment import command, issue
from tests.kit.organisation import Academy


def test_the_door(
    system_database: Database, clock: FakeClock, keyring: Keyring, academy: Academy, client: TestClient
) -> None:
    wanted = command(issue(system_database, clock, academy))
    body = {
        "token": wanted.token,
        "public_key": to_base64(wanted.public_key),
        "proof": to_base64(wanted.proof),
        "platform": "linux",
        "agent_version": "1.0.0",
    }
    first = client.post(ENROL_PATH, json=body)
    again = client.post(ENROL_PATH, json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    answer = first.json()
    assert UUID(answer["device_id"]) == UUID(again.json()["device_id"])
    assert answer["academy_label"] == academy.name
    assert from_base64(answer["server_key"]) == keyring.server_public
    refused = client.post(ENROL_PATH, json={**body, "token": "another"})
    assert (refused.status_code, refused.json()["code"]) == (403, "bad_token")
    assert client.post(ENROL_PATH, json={**body, "public_key": "%"}).status_code == 403
    assert client.post(ENROL_PATH, json={**body, "public_key": "A" * 65}).status_code in {403, 422}
    assert wanted.token not in client.post(ENROL_PATH, json={"token": wanted.token}).text
