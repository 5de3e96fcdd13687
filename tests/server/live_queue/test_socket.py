"""The live feed's door: our own pages only, closed with a reason when the session ends."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from server.kit.db import Database
from server.kit.outbox import announce
from server.live_queue import socket
from server.live_queue.messages import EventClaimed
from server.live_queue.socket import FOREIGN_PAGE, SIGNED_OUT, TOO_SLOW, actor_still, is_own_page
from server.organisation.domain import Role
from server.sign_in.domain import sha256
from server.sign_in.repository import delete_session
from tests.kit.clock import FakeClock
from tests.kit.organisation import Staff, Trust, make_academy, make_staff
from tests.kit.sign_in import make_session

OURS = {"origin": "https://lantern.test"}  # The app's public address; the test client's host is another.


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://lantern.test", True),
        ("https://evil.test", False),
        ("https://lantern.test.evil.test", False),
        ("https://behind-the-proxy:8000", True),
        (None, False),
        ("null", False),
    ],
)
def test_only_our_own_page(origin: str | None, expected: bool) -> None:
    assert is_own_page(origin, "behind-the-proxy:8000", "https://lantern.test") is expected


def _code_of(client: TestClient, headers: dict[str, str]) -> int:
    with client.websocket_connect("/api/live", headers=headers) as feed:
        with pytest.raises(WebSocketDisconnect) as ended:
            feed.receive_text()
        return ended.value.code


@pytest.mark.timeout(60)
def test_a_moderator_hears_of_a_claim(
    system_database: Database, client_of: Callable[[Staff], TestClient]
) -> None:
    academy = make_academy(system_database)
    page = client_of(make_staff(system_database, Role.MODERATOR, trust=Trust(academy.trust_id, "")))
    message = EventClaimed(uuid4(), academy.trust_id, academy.id, datetime(2026, 11, 16, tzinfo=UTC))
    with page.websocket_connect("/api/live", headers=OURS) as feed:
        assert feed.receive_json() == {"kind": "hello"}
        with system_database.write() as session:
            announce(session, message)
        delta = feed.receive_json()
    assert (delta["kind"], delta["event_id"]) == ("EventClaimed", str(message.event_id))
    assert delta.keys() == {"kind", "event_id", "at"}


def test_strangers_and_foreign_pages_are_turned_away(
    client: TestClient, system_database: Database, client_of: Callable[[Staff], TestClient]
) -> None:
    page = client_of(make_staff(system_database, Role.DSL))
    assert _code_of(client, OURS) == SIGNED_OUT
    assert _code_of(page, {"origin": "https://evil.test"}) == FOREIGN_PAGE


@pytest.mark.timeout(60)
def test_the_feed_ends_with_the_session(
    system_database: Database,
    clock: FakeClock,
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "RECHECK_S", 0.1)
    token = make_session(system_database, clock, make_staff(system_database, Role.DSL))
    client.cookies.set("lantern_session", token)
    with client.websocket_connect("/api/live", headers=OURS) as feed:
        assert feed.receive_json() == {"kind": "hello"}
        with system_database.write() as session:
            delete_session(session, sha256(token))
        with pytest.raises(WebSocketDisconnect) as ended:
            feed.receive_text()
    assert ended.value.code == SIGNED_OUT


@pytest.mark.timeout(60)
def test_a_page_that_reads_too_slowly_is_closed(
    system_database: Database, client_of: Callable[[Staff], TestClient], app: FastAPI
) -> None:
    page = client_of(make_staff(system_database, Role.DSL))
    with page.websocket_connect("/api/live", headers=OURS) as feed:
        assert feed.receive_json() == {"kind": "hello"}
        live_feed = app.state.live_feed
        loop = live_feed._pump.get_loop()
        for listener in tuple(live_feed._listeners):
            loop.call_soon_threadsafe(listener.overflowed.set)
        with pytest.raises(WebSocketDisconnect) as ended:
            feed.receive_text()
    assert ended.value.code == TOO_SLOW


def test_watching_does_not_keep_a_session_awake(system_database: Database, clock: FakeClock) -> None:
    token = make_session(system_database, clock, make_staff(system_database, Role.DSL))
    clock.advance(minutes=10)
    assert actor_still(system_database, clock, token) is not None
    clock.advance(minutes=10)
    assert actor_still(system_database, clock, token) is None
    assert actor_still(system_database, clock, "no such token") is None
