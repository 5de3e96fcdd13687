"""The live feed's door: one websocket per open page. Small deltas out, nothing in.

Who listens is checked when the page connects and again each minute, without keeping the session awake:
a screen that nobody touches still signs out. Closes 4401 when the session has ended, and
4008 when the page reads too slowly; it then connects again and fetches afresh.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Annotated
from urllib.parse import urlsplit

import asyncpg
from fastapi import APIRouter, Depends, FastAPI, WebSocket, WebSocketDisconnect
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from server.access.dependencies import Requires
from server.access.permissions import Permission
from server.access.scope import Actor, load_actor
from server.kit.clock import Clock
from server.kit.db import Database
from server.kit.errors import KnownError
from server.live_queue.feed import Listener, LiveFeed
from server.sign_in.domain import COOKIE, is_live, sha256
from server.sign_in.repository import find_session

router = APIRouter()

SIGNED_OUT = 4401
TOO_SLOW = 4008
FOREIGN_PAGE = 4403
RECHECK_S = 60.0


class _MayListen(Requires):
    """Who may listen, or nobody: a refusal must wait until the socket is open, or no page can read its code."""

    def __call__(self, connection: HTTPConnection) -> Actor | None:  # type: ignore[override]
        """The Actor behind the connection, or None."""
        try:
            return super().__call__(connection)
        except KnownError:
            return None


@asynccontextmanager
async def live_feed_opened(app: FastAPI) -> AsyncIterator[None]:
    """The process's feed, as long as the process serves; for ``server.app``."""
    address = app.state.system_url
    app.state.live_feed = LiveFeed(
        lambda: asyncpg.connect(address, server_settings={"application_name": "lantern-live-feed"})
    )
    try:
        yield
    finally:
        await app.state.live_feed.stop()


@router.websocket("/api/live")
async def live(
    websocket: WebSocket, actor: Annotated[Actor | None, Depends(_MayListen(Permission.OWN_FEED_READ))]
) -> None:
    """Serve one page until it leaves, signs out or falls behind."""
    await websocket.accept()
    headers = websocket.headers
    if not is_own_page(headers.get("origin"), headers.get("host"), websocket.app.state.public_url):
        await websocket.close(FOREIGN_PAGE)
        return
    if actor is None:
        await websocket.close(SIGNED_OUT)
        return
    feed: LiveFeed = websocket.app.state.live_feed
    listener = await feed.join(actor)
    try:
        await websocket.send_json({"kind": "hello"})
        await _serve(websocket, listener)
    except WebSocketDisconnect:
        return
    finally:
        feed.leave(listener)


def is_own_page(origin: str | None, host: str | None, public_url: str) -> bool:
    """Whether the page that connects came from us: browsers send the cookie along whoever asks.

    A proxy in front may have changed ``host``; then the address people use decides.
    """
    if not origin:
        return False
    return origin == public_url or (bool(host) and urlsplit(origin).netloc == host)


def actor_still(database: Database, clock: Clock, token: str) -> Actor | None:
    """Who the session belongs to now, with today's appointments; None when it has ended.

    Unlike ``identify`` it leaves no trace: watching a screen is not using it.
    """
    now = clock.now()
    with database.read() as session:
        found = find_session(session, sha256(token))
        if found is None or not is_live(now, found.last_seen_at, found.expires_at):
            return None
        actor = load_actor(session, found.staff_id, now.date())
    return actor if actor and actor.may(Permission.OWN_FEED_READ) else None


async def _serve(websocket: WebSocket, listener: Listener) -> None:
    tasks = {
        asyncio.create_task(_send(websocket, listener)),
        asyncio.create_task(_watch_session(websocket, listener)),
        asyncio.create_task(_watch_speed(websocket, listener)),
        asyncio.create_task(_hear_leaving(websocket)),
    }
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            # Sending into a socket that another of the four has just closed.
            with suppress(RuntimeError):
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        # What the others ran into while the socket closed is no news to anybody.
        for task in (await asyncio.wait(tasks))[0]:
            if not task.cancelled():
                task.exception()


async def _send(websocket: WebSocket, listener: Listener) -> None:
    while True:
        await websocket.send_text(await listener.waiting.get())


async def _watch_session(websocket: WebSocket, listener: Listener) -> None:
    state = websocket.app.state
    token = websocket.cookies.get(COOKIE, "")
    while True:
        await asyncio.sleep(RECHECK_S)
        actor = await run_in_threadpool(actor_still, state.system_database, state.clock, token)
        if actor is None:
            await websocket.close(SIGNED_OUT)
            return
        listener.actor = actor


async def _watch_speed(websocket: WebSocket, listener: Listener) -> None:
    await listener.overflowed.wait()
    await websocket.close(TOO_SLOW)


async def _hear_leaving(websocket: WebSocket) -> None:
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
