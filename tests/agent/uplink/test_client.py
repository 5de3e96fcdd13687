"""The carriers against a real loopback server: plain Replies for everything that can happen to a socket."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from agent.uplink.client import Address, AddressError, Requests, Socket
from agent.uplink.protocol import Reply
from shared.wire import AckFrame, EventsFrame, HeartbeatFrame, WelcomeFrame
from tests.kit.loopback_server import LOGIN_PAGE, RESET_AFTER, RESET_BEFORE, LoopbackServer

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
HEARTBEAT = HeartbeatFrame(uuid4(), NOW, "1", "2026.11.1", "watching")
EMPTY = EventsFrame(uuid4(), uuid4(), NOW, ())


def token_of(server: LoopbackServer) -> str:
    server.tokens.append("good")
    return "good"


def socket_to(server: LoopbackServer, heard: list[WelcomeFrame] | None = None) -> Socket:
    welcomes = heard if heard is not None else []
    return Socket(Address(server.url), welcomes.append, timeout_s=5.0)


@pytest.mark.parametrize(
    "url", ["http://example.org", "http://10.0.0.1:8000", "ftp://127.0.0.1", "127.0.0.1:80", "", "http://"]
)
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(AddressError):
        Address(url)


@pytest.mark.parametrize(
    ("url", "socket_url"),
    [
        ("http://127.0.0.1:8000", "ws://127.0.0.1:8000/v1/agent/ws"),
        ("http://localhost:8000/", "ws://localhost:8000/v1/agent/ws"),
        ("http://[::1]:8000", "ws://[::1]:8000/v1/agent/ws"),
        ("https://lantern.example", "wss://lantern.example/v1/agent/ws"),
    ],
)
def test_addresses_that_are_allowed(url: str, socket_url: str) -> None:
    assert Address(url).socket_url == socket_url


def test_both_carriers_carry_the_same_frames() -> None:
    with LoopbackServer().serve() as server:
        token, heard = token_of(server), []
        requests, socket = Requests(Address(server.url)), socket_to(server, heard)
        assert socket.open(token) == Reply(101)
        assert len(heard) == 1
        for reply in (requests.exchange(EMPTY, token), socket.exchange(EMPTY)):
            assert reply.status == 200
            assert reply.frame == AckFrame(EMPTY.batch_id, ())
        for reply in (requests.exchange(HEARTBEAT, token), socket.exchange(HEARTBEAT)):
            assert isinstance(reply.frame, WelcomeFrame)
        assert server.heartbeats == [HEARTBEAT] * 2
        assert server.carriers == {"http": 2, "websocket": 2}
        assert requests.bytes_sent > 0
        assert socket.bytes_sent > 0
        socket.close()


@pytest.mark.parametrize(
    ("fault", "status", "content_type"),
    [
        (RESET_BEFORE, None, ""),
        (RESET_AFTER, None, ""),
        (LOGIN_PAGE, 200, "text/html; charset=utf-8"),
        (401, 401, "application/json"),
        (413, 413, "application/json"),
        (429, 429, "application/json"),
        (500, 500, "application/json"),
        (503, 503, "text/html"),
    ],
)
def test_http_faults_are_replies(fault: str | int, status: int | None, content_type: str) -> None:
    with LoopbackServer().serve() as server:
        token = token_of(server)
        server.faults = [fault]
        reply = Requests(Address(server.url)).exchange(EMPTY, token)
        assert (reply.status, reply.content_type, reply.frame) == (status, content_type, None)


@pytest.mark.parametrize("fault", [RESET_BEFORE, RESET_AFTER])
def test_a_torn_websocket_is_a_reply_and_opens_again(fault: str) -> None:
    with LoopbackServer().serve() as server:
        token, socket = token_of(server), socket_to(server)
        server.faults = [fault]
        assert socket.open(token).status == 101
        assert socket.exchange(EMPTY) == Reply(None)
        assert socket.open(token).status == 101
        assert socket.exchange(EMPTY).frame == AckFrame(EMPTY.batch_id, ())
        socket.close()


def test_a_websocket_that_is_not_let_through() -> None:
    with LoopbackServer().serve() as server:
        token, socket = token_of(server), socket_to(server)
        assert socket.open("bad").status == 401
        server.has_socket = False
        assert socket.open(token).status == 426
        url_gone = server.url
    gone = Socket(Address(url_gone), lambda _: None)
    assert gone.open(token) == Reply(None)
    assert gone.exchange(EMPTY) == Reply(None)
    assert Requests(Address(url_gone)).exchange(EMPTY, token) == Reply(None)
