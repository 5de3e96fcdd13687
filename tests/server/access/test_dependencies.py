"""Every door: who is not signed in, who may not, and which page asks."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, FastAPI, WebSocket
from starlette.testclient import TestClient

from server.access.dependencies import requires
from server.access.permissions import Permission
from server.access.scope import Actor
from server.kit.db import Database
from server.organisation.domain import Role
from tests.kit.organisation import Staff, make_staff

ClientOf = Callable[[Staff], TestClient]


def _with_a_door(app: FastAPI) -> None:
    grader = Annotated[Actor, Depends(requires(Permission.REVIEW_EVENT_GRADE))]

    def door(actor: grader) -> dict[str, str]:  # type: ignore[valid-type]
        return {"staff_id": str(actor.staff_id)}  # type: ignore[attr-defined]

    async def socket(websocket: WebSocket, actor: grader) -> None:  # type: ignore[valid-type]
        await websocket.accept()
        await websocket.send_text(str(actor.staff_id))  # type: ignore[attr-defined]
        await websocket.close()

    # Before the page, which takes every address that is left.
    app.add_api_route("/api/door", door, methods=["GET", "POST"])
    app.add_api_websocket_route("/api/door-socket", socket)
    app.router.routes[:0] = [app.router.routes.pop(), app.router.routes.pop()]


def test_nobody_is_refused_with_401(app: FastAPI, client: TestClient) -> None:
    _with_a_door(app)
    answer = client.get("/api/door")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_the_wrong_role_is_refused_with_403(
    app: FastAPI, client_of: ClientOf, system_database: Database
) -> None:
    _with_a_door(app)
    answer = client_of(make_staff(system_database, Role.DSL)).get("/api/door")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_the_right_role_comes_in_as_itself(
    app: FastAPI, client_of: ClientOf, system_database: Database
) -> None:
    _with_a_door(app)
    staff = make_staff(system_database, Role.MODERATOR)
    assert client_of(staff).get("/api/door").json() == {"staff_id": str(staff.id)}
    assert client_of(staff).post("/api/door").status_code == 200


def test_a_changing_request_from_a_foreign_page_is_refused(
    app: FastAPI, client_of: ClientOf, system_database: Database
) -> None:
    _with_a_door(app)
    browser = client_of(make_staff(system_database, Role.MODERATOR))
    del browser.headers["X-Lantern"]
    assert browser.get("/api/door").status_code == 200
    answer = browser.post("/api/door")
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_page")


def test_a_websocket_is_held_to_the_same(
    app: FastAPI, client_of: ClientOf, system_database: Database
) -> None:
    _with_a_door(app)
    staff = make_staff(system_database, Role.MODERATOR)
    with client_of(staff).websocket_connect("/api/door-socket") as socket:
        assert socket.receive_text() == str(staff.id)
