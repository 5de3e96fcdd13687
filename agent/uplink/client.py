"""The only file that opens a socket: HTTP requests and the websocket, each answering with a plain Reply.

Plain http and ws go to loopback addresses only; everything else is TLS with the system's trust.
Network errors never escape as exceptions: no answer is a Reply without status.
"""

import http.client
import ipaddress
import json
import ssl
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from agent.uplink.protocol import Reply
from shared.wire import (
    BATCH_PATH,
    BLOB_PATH,
    MAX_FRAME_BYTES,
    SOCKET_PATH,
    AckFrame,
    ErrorFrame,
    EventsFrame,
    Frame,
    FrameError,
    HeartbeatFrame,
    WelcomeFrame,
    decode,
    encode,
)

TIMEOUT_S = 15.0
SIGNED_OUT_CODE = 4401


class AddressError(ValueError):
    """A server address that we must not talk to."""


class Address:
    """The server's address, checked once."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise AddressError("the server's address must begin with https://")
        self.is_tls = parts.scheme == "https"
        if not self.is_tls and not _is_loopback(parts.hostname):
            raise AddressError("plain http is allowed to this machine only; use https://")
        self.host = parts.hostname
        self.port = parts.port or (443 if self.is_tls else 80)
        self.root = parts.path.rstrip("/")
        self.socket_url = f"{'wss' if self.is_tls else 'ws'}://{parts.netloc}{self.root}{SOCKET_PATH}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Requests:
    """HTTP, one connection a request: the carrier that every proxy lets through."""

    def __init__(self, address: Address, timeout_s: float = TIMEOUT_S) -> None:
        self._address = address
        self._timeout_s = timeout_s
        self._tls = ssl.create_default_context() if address.is_tls else None
        self.bytes_sent = 0

    def post_json(self, path: str, content: Mapping[str, Any]) -> tuple[Reply, Any]:
        """Send an object without a token; the Reply and the object that came back."""
        reply, raw = self._send(
            "POST", path, json.dumps(content).encode(), {"Content-Type": "application/json"}
        )
        try:
            return reply, json.loads(raw) if raw else None
        except ValueError:
            return reply, None

    def exchange(self, frame: EventsFrame | HeartbeatFrame, token: str) -> Reply:
        """Send one frame and read the frame that answers it."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        reply, raw = self._send("POST", BATCH_PATH, encode(frame).encode(), headers)
        if reply.status is None or not 200 <= reply.status < 300:
            return reply
        try:
            return Reply(reply.status, decode(raw), reply.content_type)
        except FrameError:
            return reply

    def put_blob(self, event_id: UUID, sha256: str, sealed: bytes, token: str) -> Reply:
        """Send one sealed screenshot."""
        path = f"{BLOB_PATH}{quote(sha256)}?event_id={event_id}"
        headers = {"Content-Type": "application/octet-stream", "Authorization": f"Bearer {token}"}
        return self._send("PUT", path, sealed, headers)[0]

    def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[Reply, bytes]:
        connection = self._connection()
        try:
            connection.request(method, self._address.root + path, body, dict(headers))
            self.bytes_sent += len(body)
            response = connection.getresponse()
            raw = response.read(MAX_FRAME_BYTES)
            content_type = response.headers.get("Content-Type", "")
            retry_after = _seconds(response.headers.get("Retry-After"))
            return Reply(response.status, None, content_type, retry_after), raw
        except (OSError, http.client.HTTPException):
            return Reply(None), b""
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._address.host, self._address.port
        if self._tls is not None:
            return http.client.HTTPSConnection(host, port, timeout=self._timeout_s, context=self._tls)
        return http.client.HTTPConnection(host, port, timeout=self._timeout_s)


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdecimal() else None


class Socket:
    """The websocket: opened when needed, kept while it works."""

    def __init__(
        self, address: Address, on_welcome: Callable[[WelcomeFrame], None], timeout_s: float = TIMEOUT_S
    ) -> None:
        self._address = address
        self._on_welcome = on_welcome
        self._timeout_s = timeout_s
        self._held = ExitStack()
        self._connection: ClientConnection | None = None
        self.bytes_sent = 0

    def open(self, token: str) -> Reply:
        """Make sure that there is a greeted connection. Status 101 if there is; otherwise why not."""
        if self._connection is not None:
            return Reply(101)
        try:
            self._connection = self._held.enter_context(
                connect(
                    self._address.socket_url,
                    additional_headers={"Authorization": f"Bearer {token}"},
                    compression=None,
                    open_timeout=self._timeout_s,
                    close_timeout=2.0,
                    max_size=MAX_FRAME_BYTES,
                    proxy=None,
                )
            )
        except InvalidStatus as refused:
            headers = refused.response.headers
            return Reply(refused.response.status_code, None, headers.get("Content-Type", ""))
        except (OSError, InvalidHandshake, InvalidMessage):
            return Reply(None)
        greeting = self._hear(lambda frame: isinstance(frame, WelcomeFrame | ErrorFrame))
        if isinstance(greeting.frame, WelcomeFrame):
            return Reply(101)
        self.close()
        return greeting

    def exchange(self, frame: EventsFrame | HeartbeatFrame) -> Reply:
        """Send one frame on the open connection and wait for what answers it."""
        if self._connection is None:
            return Reply(None)
        text = encode(frame)
        try:
            self._connection.send(text)
        except (ConnectionClosed, OSError):
            self.close()
            return Reply(None)
        self.bytes_sent += len(text.encode())
        return self._hear(lambda heard: _answers(heard, frame))

    def close(self) -> None:
        """Give the connection up."""
        self._connection = None
        self._held.close()

    def _hear(self, is_awaited: Callable[[Frame], bool]) -> Reply:
        """Read until the awaited frame comes; welcomes on the way carry news for everybody."""
        connection = self._connection
        try:
            while connection is not None:
                heard = decode(connection.recv(timeout=self._timeout_s))
                if isinstance(heard, WelcomeFrame):
                    self._on_welcome(heard)
                if is_awaited(heard):
                    return Reply(200, heard)
        except ConnectionClosed as closed:
            self.close()
            is_signed_out = closed.rcvd is not None and closed.rcvd.code == SIGNED_OUT_CODE
            return Reply(401 if is_signed_out else None)
        except (OSError, FrameError):
            self.close()
        return Reply(None)


def _answers(heard: Frame, frame: EventsFrame | HeartbeatFrame) -> bool:
    if isinstance(heard, ErrorFrame):
        return True
    if isinstance(frame, EventsFrame):
        return isinstance(heard, AckFrame) and heard.batch_id == frame.batch_id
    return isinstance(heard, WelcomeFrame)
