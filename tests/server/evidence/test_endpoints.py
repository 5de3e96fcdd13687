"""The DSL's door to a screenshot: shown and audited, or closed without a trace."""

from collections.abc import Callable

from starlette.testclient import TestClient

from server.kit.db import Database
from server.organisation.domain import Role
from tests.kit.devices import PNG, Device
from tests.kit.evidence import Make, audits, moderator_of
from tests.kit.organisation import Staff, Trust, make_academy, make_staff


def test_the_dsls_door_shows_and_audits(
    system_database: Database, client_of: Callable[[Staff], TestClient], device: Device, receive: Make
) -> None:
    event_id = receive(alert=True)
    dsl = make_staff(system_database, Role.DSL, academy=device.academy)
    answer = client_of(dsl).get(f"/api/evidence/{event_id}/screenshot")
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["content-type"] == "image/png"
    assert "no-store" in answer.headers["cache-control"]
    assert audits(system_database, event_id) == [(dsl.id, "read_screenshot")]


def test_the_dsls_door_is_closed_to_everybody_else_and_leaves_no_audit(
    system_database: Database,
    client: TestClient,
    client_of: Callable[[Staff], TestClient],
    device: Device,
    receive: Make,
) -> None:
    event_id, not_told = receive(alert=True), receive()
    path = f"/api/evidence/{event_id}/screenshot"
    dsl = make_staff(system_database, Role.DSL, academy=device.academy)
    elsewhere = make_staff(system_database, Role.DSL, academy=make_academy(system_database))
    officer = make_staff(system_database, Role.TRUST_OFFICER, trust=Trust(device.academy.trust_id, ""))
    assert client.get(path).status_code == 401
    assert client_of(elsewhere).get(path).status_code == 404
    assert client_of(moderator_of(system_database, device)).get(path).status_code == 404
    assert client_of(officer).get(path).status_code == 403
    assert client_of(dsl).get(f"/api/evidence/{not_told}/screenshot").status_code == 404
    assert audits(system_database, event_id) == []
