"""The server's side of the device protocol on a loopback port, for the agent's tests: it can be made to fail.

It keeps each Event once by its id, counts how often each arrived, and obeys a script of faults, one per
request. It is no model of the server's insides: only of what a device can see.
"""

import contextlib
import hashlib
import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from websockets.frames import Opcode
from websockets.server import ServerProtocol

from shared.event import EventBody
from shared.wire import (
    SEAL_INFO,
    AckFrame,
    ErrorFrame,
    EventsFrame,
    Frame,
    HeartbeatFrame,
    ItemResult,
    Result,
    WelcomeFrame,
    decode,
    decode_body,
    encode,
    from_base64,
    to_base64,
)

RESET_BEFORE = "reset before commit"
RESET_AFTER = "reset after commit"
LOGIN_PAGE = "login page"
Fault = str | int
"""RESET_BEFORE, RESET_AFTER, LOGIN_PAGE, or an HTTP status to answer with."""


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, loopback: "LoopbackServer", port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.loopback = loopback
        self._talks: set[Any] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._talks.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._talks.discard(request)
        super().shutdown_request(request)

    def end_talks(self) -> None:
        """Cut every connection that is still open, as a server that is stopped does."""
        for request in list(self._talks):
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Resets are this server's purpose."""


class LoopbackServer:
    """Start with ``serve()``; look at ``events``, ``arrivals``, ``blobs`` and ``heartbeats`` afterwards."""

    def __init__(self) -> None:
        self._private = X25519PrivateKey.generate()
        self.device_id = uuid4()
        self.faults: list[Fault] = []
        self.token_faults: list[Fault] = []
        self.blob_faults: list[Fault] = []
        self.has_socket = True
        self.rejects: set[UUID] = set()
        self.poison: UUID | None = None
        """A batch with this Event is answered with 422, over HTTP."""
        self.policy: dict[str, Any] = {}
        self.events: dict[UUID, EventBody] = {}
        self.headers: dict[UUID, Any] = {}
        self.order: list[UUID] = []
        self.arrivals: Counter[UUID] = Counter()
        self.blobs: dict[UUID, bytes] = {}
        self.heartbeats: list[HeartbeatFrame] = []
        self.carriers: Counter[str] = Counter()
        self.tokens: list[str] = []
        self.public_key: Ed25519PublicKey | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def server_key(self) -> bytes:
        return self._private.public_key().public_bytes_raw()

    @contextlib.contextmanager
    def serve(self) -> Iterator["LoopbackServer"]:
        """Answer until the block ends; a second block answers on the same port again."""
        http = _Http(self, self._port)
        self._port = http.server_address[1]
        thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            http.shutdown()
            http.end_talks()
            http.server_close()
            thread.join(5)

    def open_sealed(self, sealed: bytes, context: bytes) -> bytes:
        """What was sealed to this server: written from the protocol, not from the agent's code."""
        public, nonce, rest = sealed[:32], sealed[32:44], sealed[44:]
        secret = self._private.exchange(X25519PublicKey.from_public_bytes(public))
        key = HKDF(SHA256(), 32, salt=public + self.server_key, info=SEAL_INFO).derive(secret)
        return AESGCM(key).decrypt(nonce, rest, context)

    def answer(self, frame: Frame) -> Frame:
        """Take a frame in, as the real server does after its COMMIT."""
        if isinstance(frame, HeartbeatFrame):
            self.heartbeats.append(frame)
            return self.welcome()
        if not isinstance(frame, EventsFrame):
            return ErrorFrame("unsupported", False)
        if self.public_key is not None:
            self.public_key.verify(from_base64(frame.signature), frame.signed_bytes())
        return AckFrame(frame.batch_id, tuple(self._take(item) for item in frame.items))

    def _take(self, item: Any) -> ItemResult:
        event_id = item.header.id
        self.arrivals[event_id] += 1
        if event_id in self.rejects:
            return ItemResult(event_id, Result.REJECTED, "bad_seal")
        if event_id in self.events:
            return ItemResult(event_id, Result.DUPLICATE)
        plain = self.open_sealed(from_base64(item.sealed_body), b"body:" + str(event_id).encode())
        self.events[event_id] = decode_body(plain)
        self.headers[event_id] = item.header
        self.order.append(event_id)
        return ItemResult(event_id, Result.ACCEPTED)

    def welcome(self) -> WelcomeFrame:
        return WelcomeFrame(1, datetime.now(UTC), 60, self.policy)

    def wait_until(self, is_so: Any, timeout_s: float = 15.0) -> bool:
        """Whether ``is_so()`` became true in time."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if is_so():
                return True
            time.sleep(0.02)
        return False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""

    def do_POST(self) -> None:
        loopback = self.server.loopback
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path == "/v1/agent/enrol":
            self._enrol(json.loads(raw))
        elif self.path == "/v1/agent/token":
            self._token(json.loads(raw))
        elif self._is_signed_in():
            fault = loopback.faults.pop(0) if loopback.faults else None
            if self._fails_before(fault):
                return
            loopback.carriers["http"] += 1
            if loopback.poison is not None and str(loopback.poison).encode() in raw:
                self._say(422, b'{"code":"invalid","detail":"x"}', "application/json")
                return
            answer = loopback.answer(decode(raw))
            if fault == RESET_AFTER:
                self._reset()
            else:
                self._say(200, encode(answer).encode(), "application/json")

    def do_PUT(self) -> None:
        loopback = self.server.loopback
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if not self._is_signed_in():
            return
        fault = loopback.blob_faults.pop(0) if loopback.blob_faults else None
        if self._fails_before(fault):
            return
        url = urlsplit(self.path)
        event_id = UUID(parse_qs(url.query)["event_id"][0])
        digest = hashlib.sha256(raw).hexdigest()
        if event_id not in loopback.headers:
            self._say(404, b"{}", "application/json")
        elif digest != url.path.rsplit("/", 1)[1] or digest != loopback.headers[event_id].evidence_sha256:
            self._say(422, b"{}", "application/json")
        else:
            loopback.blobs[event_id] = loopback.open_sealed(raw, b"blob:" + str(event_id).encode())
            if fault == RESET_AFTER:
                self._reset()
            else:
                self._say(201, b"{}", "application/json")

    def do_GET(self) -> None:
        loopback = self.server.loopback
        if not loopback.has_socket:
            self._say(426, b"no", "text/plain")
        elif self._is_signed_in():
            self.close_connection = True
            _SocketTalk(self, loopback).talk()

    def _enrol(self, asked: dict[str, Any]) -> None:
        loopback = self.server.loopback
        if asked["token"] != "let-me-in":
            self._say(403, b'{"code":"bad_token","detail":"no"}', "application/json")
            return
        key = Ed25519PublicKey.from_public_bytes(from_base64(asked["public_key"]))
        key.verify(from_base64(asked["proof"]), b"lantern/enrol/1\n" + asked["token"].encode())
        loopback.public_key = key
        answer = {
            "device_id": str(loopback.device_id),
            "academy_label": "Northfield",
            "server_key": to_base64(loopback.server_key),
            "server_time": datetime.now(UTC).isoformat(),
        }
        self._say(201, json.dumps(answer).encode(), "application/json")

    def _token(self, asked: dict[str, Any]) -> None:
        loopback = self.server.loopback
        if self._fails_before(loopback.token_faults.pop(0) if loopback.token_faults else None):
            return
        if loopback.public_key is not None:
            signed = f"lantern/token/1\n{asked['device_id']}\n{asked['ts']}".encode()
            loopback.public_key.verify(from_base64(asked["signature"]), signed)
        token = uuid4().hex
        loopback.tokens.append(token)
        self._say(200, json.dumps({"access_token": token, "expires_in": 600}).encode(), "application/json")

    def _is_signed_in(self) -> bool:
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if bearer and bearer in self.server.loopback.tokens:
            return True
        self._say(401, b'{"code":"unauthenticated","detail":"no"}', "application/json")
        return False

    def _fails_before(self, fault: Fault | None) -> bool:
        if fault == RESET_BEFORE:
            self._reset()
        elif fault == LOGIN_PAGE:
            self._say(200, b"<html>sign in to the wifi</html>", "text/html; charset=utf-8")
        elif fault == 503:
            self._say(503, b"<html>busy</html>", "text/html")
        elif isinstance(fault, int):
            if fault == 401:
                self.server.loopback.tokens.clear()
            self._say(fault, b'{"code":"x","detail":"x"}', "application/json")
        else:
            return False
        return True

    def _say(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        """An answer that never comes: the connection is torn, not closed."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


class _SocketTalk:
    """One websocket on the handler's connection, spoken by the websockets package without its I/O."""

    def __init__(self, handler: _Handler, loopback: LoopbackServer) -> None:
        self._handler = handler
        self._loopback = loopback
        self._protocol = ServerProtocol()

    def talk(self) -> None:
        lines = [self._handler.raw_requestline.decode().strip()]
        lines += [f"{name}: {value}" for name, value in self._handler.headers.items()]
        self._protocol.receive_data(("\r\n".join(lines) + "\r\n\r\n").encode())
        (request,) = self._protocol.events_received()
        self._protocol.send_response(self._protocol.accept(request))  # type: ignore[arg-type]
        self._send(self._loopback.welcome())
        while True:
            with contextlib.suppress(OSError):
                data = self._handler.connection.recv(65_536)
                if data:
                    self._protocol.receive_data(data)
                    if self._handle():
                        continue
            return

    def _handle(self) -> bool:
        for event in self._protocol.events_received():
            if getattr(event, "opcode", None) is Opcode.TEXT and not self._answer(event.data):  # type: ignore[union-attr]
                return False
        self._flush()
        return not self._protocol.close_expected()

    def _answer(self, raw: bytes) -> bool:
        fault = self._loopback.faults.pop(0) if self._loopback.faults else None
        if fault in (RESET_BEFORE, LOGIN_PAGE):
            self._handler._reset()
            return False
        if isinstance(fault, int):
            if fault == 401:
                self._loopback.tokens.clear()
            codes = {401: "bad_token", 413: "too_large", 409: "protocol_version", 422: "malformed"}
            self._send(ErrorFrame(codes.get(fault, "busy"), fault in {401, 429, 500, 503}))
            return True
        self._loopback.carriers["websocket"] += 1
        answer = self._loopback.answer(decode(raw))
        if fault == RESET_AFTER:
            self._handler._reset()
            return False
        self._send(answer)
        return True

    def _send(self, frame: Frame) -> None:
        self._protocol.send_text(encode(frame).encode())
        self._flush()

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._handler.connection.sendall(data)
