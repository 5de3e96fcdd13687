"""Every route names a permission or is listed as open with its reason, and no room's door is forgotten."""

import importlib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute

from server import app as composition
from server.access.dependencies import Requires, requires
from server.access.permissions import Permission
from tests.house.sources import tracked

OPEN = {
    "POST /api/sign-in": "nobody is anybody yet",
    "POST /api/sign-out": "ending a session that is already gone is no fault",
    "GET /api/health": "balancers and the supervisor ask; ids and counts only",
    "POST /v1/agent/enrol": "a device, by its one-time token",
    "POST /v1/agent/token": "a device, by its key's signature",
    "POST /v1/agent/batch": "a device, by its access token",
    "WS /v1/agent/ws": "a device, by its access token",
    "PUT /v1/agent/blob/{sha256}": "a device, by its access token",
}
"""Route → who may come in without a person's permission, and by what."""


def create_app() -> FastAPI:
    """The app with its doors and nothing behind them."""
    parts: dict[str, Any] = {field.name: None for field in fields(composition.Parts)}
    return composition.create_app(composition.Parts(**{**parts, "page_folder": Path("nowhere")}))


def routes_of(app: FastAPI) -> Iterator[tuple[str, Dependant]]:
    """(``GET /path``, what it depends on) of every route people or devices can call."""
    for route in every_route(app):
        if isinstance(route, APIRoute):
            for method in sorted(route.methods):
                yield f"{method} {route.path}", route.dependant
        elif isinstance(route, APIWebSocketRoute):
            yield f"WS {route.path}", route.dependant


def every_route(app: FastAPI) -> list[Any]:
    """The app's routes, and those of each door as the composition lists them."""
    held: list[Any] = [*app.routes]
    for router in composition.ROUTERS:
        held += router.routes
    return held


def names_permission(dependant: Dependant) -> bool:
    """Whether ``requires(Permission.X)`` stands somewhere in it."""
    return isinstance(dependant.call, Requires) or any(
        names_permission(inner) for inner in dependant.dependencies
    )


def test_every_route_names_a_permission() -> None:
    """A new route is closed until somebody says who may use it."""
    unnamed = {
        name
        for name, dependant in routes_of(create_app())
        if not names_permission(dependant) and name not in OPEN
    }
    assert not unnamed, f"no permission: {sorted(unnamed)}"


def test_the_app_has_routes() -> None:
    """The rule above is about something."""
    found = {name for name, _ in routes_of(create_app())}
    assert "POST /api/sign-in" in found
    assert "GET /api/me" in found


def test_open_doors_ask_for_nobodys_permission() -> None:
    """A door in the open list that names a permission has no business there."""
    listed = [
        name for name, dependant in routes_of(create_app()) if name in OPEN and names_permission(dependant)
    ]
    assert not listed


def test_a_route_without_a_permission_is_found() -> None:
    """The rule tells the two apart."""
    router = APIRouter()
    router.add_api_route("/api/a", lambda: None, methods=["GET"])
    closed = Depends(requires(Permission.RECORD_STUDENT_READ))
    router.add_api_route("/api/b", lambda: None, methods=["GET"], dependencies=[closed])
    bare, guarded = (route for route in router.routes if isinstance(route, APIRoute))
    assert not names_permission(bare.dependant)
    assert names_permission(guarded.dependant)


@pytest.mark.parametrize(
    "module",
    [
        name.removesuffix(".py").replace("/", ".")
        for name in tracked()
        if name.startswith("server/") and PurePosixPath(name).name in {"endpoints.py", "socket.py"}
    ],
)
def test_no_door_is_forgotten(module: str) -> None:
    """Each door's routes stand in the app, under the same paths."""
    held = importlib.import_module(module)
    routers = [value for value in vars(held).values() if isinstance(value, APIRouter)]
    paths = {getattr(route, "path", "") for router in routers for route in router.routes}
    known = {getattr(route, "path", "") for route in every_route(create_app())}
    assert paths <= known, f"{module} is not opened by server/app.py: {sorted(paths - known)}"
