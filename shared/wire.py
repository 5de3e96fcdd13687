"""Frames between agent and server: names, limits, encode and decode. Never a socket.

One envelope, two carriers: the same JSON frames go over the websocket ``/v1/agent/ws`` and as the
body and answer of ``POST /v1/agent/batch``. Blobs go by ``PUT /v1/agent/blob/{sha256}``.
Shapes follow PEERS.md §3. Bodies inside are sealed; base64 without line breaks.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

from shared.event import ContextPassage, EventBody, EventHeader, Mark
from shared.taxonomy import Severity, Theme

PROTOCOL_VERSION = 1
MAX_FRAME_BYTES = 1_048_576
MAX_BATCH_ITEMS = 64
MAX_SCHEMA = 32_767
"""What a smallint holds."""
SEAL_INFO = b"lantern/seal/1"
"""HKDF info of the sealed body: X25519 ephemeral || HKDF-SHA256 || AES-256-GCM."""
SIGNATURE_DOMAIN = b"lantern/batch/1\n"
"""What a device's Ed25519 signature begins with, so that it can never be taken for another's."""

BATCH_PATH = "/v1/agent/batch"
SOCKET_PATH = "/v1/agent/ws"
BLOB_PATH = "/v1/agent/blob/"
ENROL_PATH = "/v1/agent/enrol"
TOKEN_PATH = "/v1/agent/token"  # noqa: S105 - a path, not a secret


class Result(StrEnum):
    """What became of one item of a batch. Only ACCEPTED and DUPLICATE may free the spool's row."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    """The item can never be accepted; the code says why. The agent counts it as a loss and reports it."""
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class EventItem:
    """One Event on the wire: readable header, sealed body (base64)."""

    header: EventHeader
    sealed_body: str


@dataclass(frozen=True, slots=True)
class EventsFrame:
    """agent → server: a signed batch. ``signature`` covers ``signed_bytes()``; base64."""

    batch_id: UUID
    device_id: UUID
    sent_at: datetime
    items: tuple[EventItem, ...]
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """Exactly what the device signs: domain, then the frame as JSON with an empty signature."""
        unsigned = encode(EventsFrame(self.batch_id, self.device_id, self.sent_at, self.items))
        return SIGNATURE_DOMAIN + unsigned.encode()


@dataclass(frozen=True, slots=True)
class HeartbeatFrame:
    """agent → server: alive, and what was counted. Never text."""

    device_id: UUID
    sent_at: datetime
    agent_version: str
    pack_version: str
    state: str
    """``watching``, ``paused``, ``notice_pending`` or ``blocked``."""
    counters: dict[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of one item; ``code`` is a short machine word such as ``bad_seal``."""

    id: UUID
    result: Result
    code: str = ""


@dataclass(frozen=True, slots=True)
class AckFrame:
    """server → agent, after COMMIT."""

    batch_id: UUID
    results: tuple[ItemResult, ...]


@dataclass(frozen=True, slots=True)
class WelcomeFrame:
    """server → agent, first frame on a websocket."""

    protocol: int
    server_time: datetime
    heartbeat_s: int
    policy: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ErrorFrame:
    """server → agent: the frame before it was not understood or not allowed."""

    code: str
    retryable: bool


Frame = EventsFrame | HeartbeatFrame | AckFrame | WelcomeFrame | ErrorFrame
_TAGS: dict[str, type[Any]] = {
    "events": EventsFrame,
    "heartbeat": HeartbeatFrame,
    "ack": AckFrame,
    "welcome": WelcomeFrame,
    "error": ErrorFrame,
}
_NAMES = {kind: tag for tag, kind in _TAGS.items()}
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""NUL and lone surrogates: JSON can say them, PostgreSQL and UTF-8 cannot."""


class FrameError(ValueError):
    """A frame that cannot be read. The message names the field, never its content."""


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        # Not asdict: it copies everything deeply first, and this runs for every event.
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def encode(frame: Frame) -> str:
    """A frame as one line of JSON with sorted keys, so that its bytes can be signed."""
    body = _plain(frame)
    body["t"] = _NAMES[type(frame)]
    body["v"] = PROTOCOL_VERSION
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def decode(raw: str | bytes) -> Frame:
    """The frame in ``raw``. Unknown keys are ignored (a newer peer may add some).

    Raises FrameError on anything malformed, too large, or of an unknown type or version.
    """
    try:
        size = len(raw) if isinstance(raw, bytes) else len(raw.encode())
        if size > MAX_FRAME_BYTES:
            raise FrameError(f"frame is {size} bytes, the limit is {MAX_FRAME_BYTES}")
        text = raw.decode() if isinstance(raw, bytes) else raw
        body = json.loads(text)
        # Only an escape can smuggle in what UTF-8 cannot say, so nothing is walked without one.
        if "\\u" in text and any(_UNSTORABLE.search(part) for part in _strings(body)):
            raise FrameError("frame holds text that cannot be stored")
    except FrameError:
        raise
    except (ValueError, RecursionError) as error:
        raise FrameError("frame is not JSON") from error
    if not isinstance(body, dict):
        raise FrameError("frame is not an object")
    if body.get("v") != PROTOCOL_VERSION:
        raise FrameError("unsupported protocol version")
    reader = _READERS.get(str(body.get("t")))
    if reader is None:
        raise FrameError("unknown frame type")
    try:
        return reader(body)
    except FrameError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise FrameError(f"bad field in {body.get('t')} frame: {type(error).__name__}") from error


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _schema(value: Any) -> int:
    schema = int(value)
    if not 0 < schema <= MAX_SCHEMA:
        raise FrameError("a schema version beyond all bounds")
    return schema


def _time(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise FrameError("a time without its UTC offset")
    return moment


def _header(body: dict[str, Any]) -> EventHeader:
    return EventHeader(
        id=UUID(body["id"]),
        occurred_at=_time(body["occurred_at"]),
        theme=Theme(body["theme"]),
        severity=Severity(body["severity"]),
        probability=float(body["probability"]),
        pack_version=str(body["pack_version"])[:40],
        reasons=tuple(str(reason)[:80] for reason in body.get("reasons", ())[:32]),
        evidence_sha256=body.get("evidence_sha256"),
        dedup_key=str(body.get("dedup_key", ""))[:64],
        schema=_schema(body.get("schema", 1)),
    )


def _events(body: dict[str, Any]) -> EventsFrame:
    if len(body["items"]) > MAX_BATCH_ITEMS:
        raise FrameError(f"{len(body['items'])} items in a batch, the limit is {MAX_BATCH_ITEMS}")
    items = tuple(EventItem(_header(item["header"]), str(item["sealed_body"])) for item in body["items"])
    return EventsFrame(
        UUID(body["batch_id"]),
        UUID(body["device_id"]),
        _time(body["sent_at"]),
        items,
        str(body.get("signature", "")),
    )


def _heartbeat(body: dict[str, Any]) -> HeartbeatFrame:
    return HeartbeatFrame(
        device_id=UUID(body["device_id"]),
        sent_at=_time(body["sent_at"]),
        agent_version=str(body["agent_version"])[:40],
        pack_version=str(body["pack_version"])[:40],
        state=str(body["state"])[:40],
        counters={str(key)[:40]: int(count) for key, count in list(body.get("counters", {}).items())[:64]},
        reasons=tuple(str(reason)[:80] for reason in body.get("reasons", ())[:16]),
    )


def _ack(body: dict[str, Any]) -> AckFrame:
    results = tuple(
        ItemResult(UUID(item["id"]), Result(item["result"]), str(item.get("code", "")))
        for item in body["results"]
    )
    return AckFrame(UUID(body["batch_id"]), results)


def _welcome(body: dict[str, Any]) -> WelcomeFrame:
    return WelcomeFrame(
        int(body["protocol"]), _time(body["server_time"]), int(body["heartbeat_s"]), dict(body["policy"])
    )


def _error(body: dict[str, Any]) -> ErrorFrame:
    return ErrorFrame(str(body["code"]), bool(body["retryable"]))


_READERS: dict[str, Callable[[dict[str, Any]], Frame]] = {
    "events": _events,
    "heartbeat": _heartbeat,
    "ack": _ack,
    "welcome": _welcome,
    "error": _error,
}


def encode_body(body: EventBody) -> bytes:
    """The plain bytes of a body, before it is sealed."""
    return json.dumps(_plain(body), sort_keys=True, ensure_ascii=False).encode()


def decode_body(raw: bytes) -> EventBody:
    """A body after it was opened. Raises FrameError naming the field, never its content.

    A character that no database can hold is replaced, place for place: an odd window title must not
    cost the whole Event.
    """
    try:
        body = json.loads(raw)
        return EventBody(
            passage=_storable(body["passage"]),
            deleted_text=_storable(body["deleted_text"]),
            application=_storable(body["application"]),
            window_title=_storable(body["window_title"]),
            account=_storable(body["account"]),
            marks=tuple(
                Mark(int(m["start"]), int(m["end"]), Theme(m["theme"])) for m in body.get("marks", ())
            ),
            context=tuple(
                ContextPassage(_storable(c["text"]), _time(c["typed_at"])) for c in body.get("context", ())
            ),
            host=_storable(body.get("host", "")),
        )
    except FrameError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        raise FrameError(f"bad field in an event body: {type(error).__name__}") from error


def _storable(value: Any) -> str:
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", str(value))


def to_base64(raw: bytes) -> str:
    """Base64 text of ``raw``, as every sealed or signed value travels."""
    return base64.b64encode(raw).decode()


def from_base64(text: str) -> bytes:
    """The bytes of a base64 text. Raises FrameError on anything else."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise FrameError("a value is not base64") from error
