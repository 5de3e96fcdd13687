"""The house's front: every door has a lock or is named as open, every error is one shape, nothing leaks."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.testclient import TestClient

from server.access.dependencies import Requires
from server.access.permissions import Permission
from server.kit.db import Database
from server.kit.errors import ConflictError
from server.organisation.domain import Role
from tests.kit.organisation import Staff, make_academy, make_staff

# Doors without a permission, and what guards each instead.
OPEN = {
    "/api/sign-in": "a password",
    "/api/sign-out": "ends a session, whoever asks",
    "/api/health": "says nothing about anybody",
    "/v1/agent/enrol": "an enrolment token",
    "/v1/agent/token": "a device's signature",
    "/v1/agent/batch": "a device's access token",
    "/v1/agent/ws": "a device's access token",
    "/v1/agent/blob/{sha256}": "a device's access token",
}
ClientOf = Callable[[Staff], TestClient]


def _doors(routes: list[BaseRoute]) -> Iterator[tuple[str, set[Permission]]]:
    for route in routes:
        if isinstance(route, Mount):
            continue
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from _doors(included.routes)
            continue
        assert isinstance(route, APIRoute | APIWebSocketRoute | Route | WebSocketRoute), route
        named: set[Permission] = set()
        if isinstance(route, APIRoute | APIWebSocketRoute):
            named = {
                one.call.permission for one in route.dependant.dependencies if isinstance(one.call, Requires)
            }
        yield route.path, named


def test_every_route_names_one_permission_or_is_listed_as_open(app: FastAPI) -> None:
    doors = list(_doors(app.router.routes))
    assert len(doors) > 15
    unlocked = {path for path, named in doors if not named}
    assert unlocked == set(OPEN)
    assert all(len(named) == 1 for path, named in doors if path not in OPEN)


def test_a_known_error_is_a_code_and_a_sentence(app: FastAPI, client: TestClient) -> None:
    def door() -> None:
        raise ConflictError("Somebody else was first.")

    _first(app, "/api/conflict", door)
    answer = client.get("/api/conflict")
    assert answer.status_code == 409
    assert answer.json() == {"code": "conflict", "detail": "Somebody else was first."}


def test_an_unknown_error_says_nothing(
    app: FastAPI, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "something that only the row knew"

    def door() -> None:
        raise ValueError(secret)

    _first(app, "/api/broken", door)
    answer = client.get("/api/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert secret not in answer.text
    ours = [record.getMessage() for record in caplog.records if record.name == "server.app"]
    assert ours == ["unexpected ValueError at /api/broken"]


def test_a_malformed_body_is_not_repeated(client: TestClient) -> None:
    answer = client.post("/api/sign-in", json={"email": "somebody@staff.test", "password": ["mine"], "x": 1})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert answer.json()["detail"] == "body.password: string_type; body.x: extra_forbidden"


@pytest.mark.parametrize("path", ["/api/nothing", "/v1/nothing"])
def test_an_unknown_address_of_the_programs_is_404_in_the_same_shape(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_health_needs_nobody(client: TestClient) -> None:
    answer = client.get("/api/health")
    assert answer.status_code == 200
    assert set(answer.json()) == {"status", "database", "outbox_lag_s", "worker_seen_s"}
    assert answer.json()["database"] is True


def test_every_answer_of_the_api_carries_the_headers(client: TestClient) -> None:
    for path in ("/api/health", "/api/me", "/api/nothing"):
        headers = client.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'self'; img-src 'self' blob:;")
        assert "unsafe" not in headers["content-security-policy"]


def test_me_says_who_i_am_and_what_i_may(client_of: ClientOf, system_database: Database) -> None:
    academy = make_academy(system_database)
    staff = make_staff(system_database, Role.DSL, academy=academy)
    answer = client_of(staff).get("/api/me").json()
    assert answer["staff_id"] == str(staff.id)
    assert answer["display_name"] == staff.display_name
    assert answer["appointments"] == [
        {
            "role": "dsl",
            "trust_id": str(academy.trust_id),
            "trust_name": "Fen Edge Trust",
            "academy_id": str(academy.id),
            "academy_name": academy.name,
        }
    ]
    assert "record:alert:read" in answer["permissions"]
    assert "review:queue:read" not in answer["permissions"]


def test_the_taxonomy_is_for_those_who_are_signed_in(
    client: TestClient, client_of: ClientOf, system_database: Database
) -> None:
    assert client.get("/api/taxonomy").status_code == 401
    answer = client_of(make_staff(system_database, Role.TRUST_OFFICER)).get("/api/taxonomy").json()
    assert {"id": "T05", "label": "Abuse & neglect disclosure", "category": "VP"} in answer["themes"]
    assert [one["value"] for one in answer["severities"]] == [1, 2, 3, 4, 5]


def _first(app: FastAPI, path: str, door: Callable[[], None]) -> None:
    """Open a door before the page, which takes every address that is left."""
    app.add_api_route(path, door)
    app.router.routes.insert(0, app.router.routes.pop())
