"""create_app: opens each room's door, renders every known error, serves the moderation UI. Nothing else."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from server.access import endpoints as access_endpoints
from server.access.dependencies import requires
from server.access.permissions import Permission
from server.enrolment import endpoints as enrolment_endpoints
from server.escalation import endpoints as escalation_endpoints
from server.evidence import endpoints as evidence_endpoints
from server.evidence.blob_store import BlobStore
from server.ingest import endpoints as ingest_endpoints
from server.ingest import socket as ingest_socket
from server.kit.clock import Clock
from server.kit.db import Database
from server.kit.errors import KnownError
from server.kit.health import beat, measure_health
from server.kit.sealing import Keyring
from server.live_queue import endpoints as live_queue_endpoints
from server.live_queue import socket as live_queue_socket
from server.metrics import endpoints as metrics_endpoints
from server.moderation import endpoints as moderation_endpoints
from server.notification import endpoints as notification_endpoints
from server.page import PageHeaders, mount_page
from server.record import endpoints as record_endpoints
from server.sign_in import endpoints as sign_in_endpoints
from server.vocabulary import TaxonomyView, taxonomy

# Every room that people or devices can enter. A new door is one import above and one line here.
ROUTERS: tuple[APIRouter, ...] = (
    sign_in_endpoints.router,
    access_endpoints.router,
    enrolment_endpoints.router,
    ingest_endpoints.router,
    ingest_socket.router,
    live_queue_endpoints.router,
    live_queue_socket.router,
    moderation_endpoints.router,
    notification_endpoints.router,
    evidence_endpoints.router,
    record_endpoints.router,
    escalation_endpoints.router,
    metrics_endpoints.router,
)

BEAT_EVERY_S = 5.0
NAME = "web"

Opened = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_log = logging.getLogger(__name__)


@asynccontextmanager
async def _beating(app: FastAPI) -> AsyncIterator[None]:
    """Notes every few seconds that this process lives; a database that is gone is noted once it is back."""
    beating = asyncio.create_task(_beat_for_ever(app.state.system_database))
    try:
        yield
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)


async def _beat_for_ever(system_database: Database) -> None:
    while True:
        with suppress(SQLAlchemyError):
            await run_in_threadpool(system_database.write_with, lambda session: beat(session, NAME))
        await asyncio.sleep(BEAT_EVERY_S)


# What must run beside the requests of one process, e.g. the listener behind the live feed: an async
# context manager that takes the app, opened at start and closed at the end in reverse order.
RUNNING: tuple[Opened, ...] = (_beating, ingest_socket.receiver_opened, live_queue_socket.live_feed_opened)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the rooms need from outside; each becomes ``app.state.<name>``. Rooms never read settings."""

    database: Database
    system_database: Database
    system_url: str
    """For asyncpg: the system role's address as libpq writes it."""
    clock: Clock
    keyring: Keyring
    blobs: BlobStore
    public_url: str
    """How people's browsers reach us, without a slash at the end."""
    page_folder: Path
    """The moderation UI as built; may be missing."""


def create_app(parts: Parts) -> FastAPI:
    """The web process: all doors, one error handler, the page."""
    app = FastAPI(
        title="Lantern", version="1", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_opened
    )
    for field in fields(parts):
        setattr(app.state, field.name, getattr(parts, field.name))
    app.add_exception_handler(KnownError, _known)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _unexpected)
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_route("/api/health", _health, methods=["GET"], tags=["app"])
    app.add_api_route(
        "/api/taxonomy",
        taxonomy,
        response_model=TaxonomyView,
        tags=["app"],
        dependencies=[Depends(requires(Permission.OWN_TAXONOMY_READ))],
    )
    mount_page(app, parts.page_folder)
    app.add_middleware(PageHeaders)
    return app


def _health(request: Request) -> JSONResponse:
    """Whether this process can do its work; 503 when the database does not answer."""
    health = measure_health(request.app.state.system_database)
    return JSONResponse(asdict(health), status_code=200 if health.database else 503)


@asynccontextmanager
async def _opened(app: FastAPI) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        for opened in RUNNING:
            await stack.enter_async_context(opened(app))
        yield


def _answer(status: int, code: str, detail: str) -> JSONResponse:
    return JSONResponse({"code": code, "detail": detail}, status_code=status)


async def _known(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, KnownError)
    return _answer(error.status, error.code, error.detail)


async def _malformed(_request: Request, error: Exception) -> JSONResponse:
    # Where and why, never what: the value sent may be a passage or a password.
    assert isinstance(error, RequestValidationError)
    places = sorted(
        {".".join(str(part) for part in one["loc"]) + ": " + one["type"] for one in error.errors()}
    )
    return _answer(422, "malformed", "; ".join(places))


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    codes = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    return _answer(error.status_code, codes.get(error.status_code, "refused"), str(error.detail))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    # The type and the route only: an error's own text may quote a row.
    route = request.scope.get("route")
    _log.error("unexpected %s at %s", type(error).__name__, getattr(route, "path", "?"))
    return _answer(500, "unexpected", "Something went wrong on our side. Nothing was lost; please try again.")
