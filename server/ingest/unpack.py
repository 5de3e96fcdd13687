"""From raw bytes to a frame whose signature holds, item by item: one that is broken never blocks another.

The signature covers the frame exactly as it was sent (canonical JSON with an empty signature), so that
a newer agent's additional fields are covered too.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.enrolment.domain import DeviceRefusedError, Sender, is_signed_by
from server.ingest.domain import Refusal, is_sha256
from server.ingest.quick_json import read_events
from server.kit.errors import InvalidError, KnownError
from shared.wire import (
    MAX_BATCH_ITEMS,
    MAX_FRAME_BYTES,
    PROTOCOL_VERSION,
    SIGNATURE_DOMAIN,
    EventItem,
    EventsFrame,
    FrameError,
    HeartbeatFrame,
    decode,
    from_base64,
)

# What reading hostile JSON can raise beside FrameError: depth, infinities where a number is counted.
UNREADABLE = (FrameError, ValueError, OverflowError, RecursionError)


class MalformedError(InvalidError):
    """Not a frame, or not one a device may send."""

    code = "malformed"

    def __init__(self) -> None:
        super().__init__("This is not a frame a device may send.")


class FrameTooLargeError(KnownError):
    """Beyond the limits of a frame; send fewer items."""

    code = "too_large"
    status = 413

    def __init__(self) -> None:
        super().__init__(f"A frame may have {MAX_FRAME_BYTES} bytes and {MAX_BATCH_ITEMS} items.")


class ProtocolError(KnownError):
    """The agent speaks a version that we do not."""

    code = "protocol"
    status = 409

    def __init__(self) -> None:
        super().__init__(f"This server speaks protocol version {PROTOCOL_VERSION}.")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A batch whose signature holds. Every id of the batch is in ``order``, and in one of the other two."""

    batch_id: UUID
    order: tuple[UUID, ...]
    items: tuple[EventItem, ...]
    refused: dict[UUID, Refusal]
    signature: bytes


def unpack(raw: bytes, sender: Sender) -> Parcel | HeartbeatFrame:
    """The batch or heartbeat in ``raw``.

    Raises FrameTooLargeError, ProtocolError or MalformedError; DeviceRefusedError when the frame is not
    ``sender``'s own or its signature does not hold.
    """
    if len(raw) > MAX_FRAME_BYTES:
        raise FrameTooLargeError
    try:
        frame = read_events(raw) or decode(raw)
    except UNREADABLE:
        return _unpack_odd(raw, sender)
    if isinstance(frame, HeartbeatFrame):
        if frame.device_id != sender.device_id:
            raise DeviceRefusedError
        return frame
    if not isinstance(frame, EventsFrame):
        raise MalformedError
    if frame.device_id != sender.device_id:
        raise DeviceRefusedError
    signature = _signature(frame.signature)
    # Our own agents send the very bytes they signed, but for the signature; only others cost a second reading.
    as_sent = raw.replace(b'"signature":"%b"' % frame.signature.encode(), b'"signature":""', 1)
    if not is_signed_by(sender.public_key, signature, SIGNATURE_DOMAIN + as_sent):
        _check_signature(_object(raw), sender)
    return _parcel(frame, frame.items, {}, signature)


def _unpack_odd(raw: bytes, sender: Sender) -> Parcel:
    """What could not be read as a whole: refused with the right word, or read item by item."""
    body = _object(raw)
    if body.get("t") != "events" or not isinstance(body.get("items"), list):
        raise MalformedError
    if len(body["items"]) > MAX_BATCH_ITEMS:
        raise FrameTooLargeError
    return _salvage(body, _check_signature(body, sender))


def _signature(text: str) -> bytes:
    try:
        return from_base64(text)
    except UNREADABLE as error:
        raise DeviceRefusedError from error


def _object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise MalformedError from error
    if not isinstance(body, dict):
        raise MalformedError
    if body.get("v") != PROTOCOL_VERSION:
        raise ProtocolError
    return body


def _check_signature(body: dict[str, Any], sender: Sender) -> bytes:
    if body.get("device_id") != str(sender.device_id):
        raise DeviceRefusedError
    signature = _signature(str(body.get("signature", "")))
    try:
        unsigned = json.dumps(
            {**body, "signature": ""}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        message = SIGNATURE_DOMAIN + unsigned.encode()
    except UNREADABLE as error:
        raise DeviceRefusedError from error
    if not is_signed_by(sender.public_key, signature, message):
        raise DeviceRefusedError
    return signature


def _events(raw: bytes) -> EventsFrame:
    frame = decode(raw)
    assert isinstance(frame, EventsFrame)
    return frame


def _salvage(body: dict[str, Any], signature: bytes) -> Parcel:
    """The batch again, one item at a time: those that cannot be read are refused by their id.

    A newer agent may name a theme this server does not know yet; its other events must still arrive.
    """
    items: list[EventItem] = []
    refused: dict[UUID, Refusal] = {}
    order: list[UUID] = []
    try:
        frame = _events(json.dumps({**body, "items": []}).encode())
        for raw_item in body["items"]:
            item_id = UUID(raw_item["header"]["id"])
            order.append(item_id)
            try:
                items.extend(_events(json.dumps({**body, "items": [raw_item]}).encode()).items)
            except (*UNREADABLE, KeyError, TypeError):
                refused[item_id] = Refusal.BAD_HEADER
    except (*UNREADABLE, KeyError, TypeError, AttributeError) as error:
        raise MalformedError from error
    parcel = _parcel(frame, tuple(items), refused, signature)
    return Parcel(parcel.batch_id, tuple(order), parcel.items, parcel.refused, signature)


def _parcel(
    frame: EventsFrame, items: tuple[EventItem, ...], refused: dict[UUID, Refusal], signature: bytes
) -> Parcel:
    kept: list[EventItem] = []
    for item in items:
        header = item.header
        is_sound = header.evidence_sha256 is None or is_sha256(header.evidence_sha256)
        if is_sound and 0 <= header.schema < 2**15:
            kept.append(item)
        else:
            refused[header.id] = Refusal.BAD_HEADER
    order = tuple(item.header.id for item in items)
    return Parcel(frame.batch_id, order, tuple(kept), refused, signature)
