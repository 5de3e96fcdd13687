"""Frames come back as they went, signatures cover them, and nothing malformed gets further than FrameError."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.event import ContextPassage, EventBody, EventHeader, Mark
from shared.taxonomy import Severity, Theme
from shared.wire import (
    MAX_BATCH_ITEMS,
    MAX_FRAME_BYTES,
    PROTOCOL_VERSION,
    SIGNATURE_DOMAIN,
    AckFrame,
    ErrorFrame,
    EventItem,
    EventsFrame,
    Frame,
    FrameError,
    HeartbeatFrame,
    ItemResult,
    Result,
    WelcomeFrame,
    decode,
    decode_body,
    encode,
    encode_body,
    from_base64,
    to_base64,
)

TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=30)
TIMES = st.datetimes(min_value=datetime(2020, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds UTC
HEADERS = st.builds(
    EventHeader,
    id=st.uuids(),
    occurred_at=TIMES,
    theme=st.sampled_from(Theme),
    severity=st.sampled_from(Severity),
    probability=st.floats(0, 1),
    pack_version=TEXT,
    reasons=st.lists(TEXT, max_size=5).map(tuple),
    evidence_sha256=st.none() | st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    dedup_key=TEXT,
    schema=st.just(1),
)
FRAMES: st.SearchStrategy[Frame] = st.one_of(
    st.builds(
        EventsFrame,
        batch_id=st.uuids(),
        device_id=st.uuids(),
        sent_at=TIMES,
        items=st.lists(st.builds(EventItem, header=HEADERS, sealed_body=TEXT), max_size=4).map(tuple),
        signature=TEXT,
    ),
    st.builds(
        HeartbeatFrame,
        device_id=st.uuids(),
        sent_at=TIMES,
        agent_version=TEXT,
        pack_version=TEXT,
        state=TEXT,
        counters=st.dictionaries(TEXT, st.integers(0, 2**53), max_size=5),
        reasons=st.lists(TEXT, max_size=5).map(tuple),
    ),
    st.builds(
        AckFrame,
        batch_id=st.uuids(),
        results=st.lists(st.builds(ItemResult, st.uuids(), st.sampled_from(Result), TEXT), max_size=4).map(
            tuple
        ),
    ),
    st.builds(
        WelcomeFrame,
        protocol=st.just(1),
        server_time=TIMES,
        heartbeat_s=st.integers(1, 600),
        policy=st.dictionaries(TEXT, st.integers() | TEXT | st.booleans(), max_size=4),
    ),
    st.builds(ErrorFrame, code=TEXT, retryable=st.booleans()),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
HEADER = EventHeader(UUID(int=7), NOON, Theme.DISTRESS, Severity.LEVEL_2, 0.5, "2026.11.1")
BATCH = EventsFrame(UUID(int=1), UUID(int=2), NOON, (EventItem(HEADER, "AAAA"),), "sig")
BODY = EventBody(
    "i dont feel safe",
    "",
    "notes",
    "Untitled",
    "s.lee",
    (Mark(0, 4, Theme.DISTRESS),),
    (ContextPassage("hello", NOON),),
    "example.org",
)


@given(FRAMES)
def test_a_frame_comes_back_as_it_went(frame: Frame) -> None:
    line = encode(frame)
    assert "\n" not in line
    assert decode(line) == frame
    assert decode(line.encode()) == frame
    assert encode(decode(line)) == line


def fields_of(frame: Frame) -> dict[str, Any]:
    """The frame as a JSON object, to be spoiled."""
    plain: dict[str, Any] = json.loads(encode(frame))
    return plain


@given(st.sampled_from(sorted(fields_of(BATCH))), JSON)
def test_no_spoiled_field_gets_further_than_frame_error(field: str, value: object) -> None:
    spoiled = json.dumps({**fields_of(BATCH), field: value})
    try:
        frame = decode(spoiled)
    except FrameError:
        return
    assert encode(frame).encode()


@given(st.sampled_from(sorted(fields_of(BATCH)["items"][0]["header"])), JSON)
def test_no_spoiled_header_gets_further_than_frame_error(field: str, value: object) -> None:
    plain = fields_of(BATCH)
    plain["items"][0]["header"][field] = value
    try:
        frame = decode(json.dumps(plain))
    except FrameError:
        return
    assert encode(frame).encode()


@given(st.binary(max_size=200))
def test_no_bytes_get_further_than_frame_error(raw: bytes) -> None:
    with pytest.raises(FrameError):
        decode(raw)


@pytest.mark.parametrize("number", ["Infinity", "-Infinity", "NaN", "1e999", "1" + "0" * 400])
@pytest.mark.parametrize("field", ["probability", "severity", "schema"])
def test_numbers_beyond_all_bounds_are_refused(number: str, field: str) -> None:
    plain = fields_of(BATCH)
    plain["items"][0]["header"][field] = "HERE"
    with pytest.raises(FrameError):
        decode(json.dumps(plain).replace('"HERE"', number))


def test_a_lone_surrogate_in_the_line_itself_is_refused() -> None:
    with pytest.raises(FrameError):
        decode(encode(BATCH).replace("sig", "\ud800"))


@pytest.mark.parametrize("number", ["Infinity", "NaN", '"many"', "[]"])
def test_a_counter_that_is_no_count_is_refused(number: str) -> None:
    beat = HeartbeatFrame(UUID(int=2), NOON, "1", "1", "watching", {"keys": 4711})
    assert decode(encode(beat)) == beat
    with pytest.raises(FrameError):
        decode(encode(beat).replace("4711", number))


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff x", "a\\u0000b"])
@pytest.mark.parametrize("place", ["signature", "sealed_body", "dedup_key", "pack_version"])
def test_text_that_no_database_can_hold_is_refused(escape: str, place: str) -> None:
    plain = fields_of(BATCH)
    holder = {"signature": plain, "sealed_body": plain["items"][0]}.get(place, plain["items"][0]["header"])
    holder[place] = "HERE"
    with pytest.raises(FrameError):
        decode(json.dumps(plain).replace("HERE", escape))


def test_an_escaped_letter_beyond_the_basic_plane_is_text_like_any_other() -> None:
    frame = ErrorFrame("\U0001f642", True)
    assert decode(json.dumps(fields_of(frame))) == frame


def test_the_signature_covers_everything_but_itself() -> None:
    signed = BATCH.signed_bytes()
    assert signed.startswith(SIGNATURE_DOMAIN)
    other = EventsFrame(BATCH.batch_id, BATCH.device_id, BATCH.sent_at, BATCH.items, "another")
    assert other.signed_bytes() == signed
    for changed in (
        EventsFrame(UUID(int=9), BATCH.device_id, BATCH.sent_at, BATCH.items),
        EventsFrame(BATCH.batch_id, UUID(int=9), BATCH.sent_at, BATCH.items),
        EventsFrame(BATCH.batch_id, BATCH.device_id, NOON + timedelta(seconds=1), BATCH.items),
        EventsFrame(BATCH.batch_id, BATCH.device_id, BATCH.sent_at, (EventItem(HEADER, "AAAB"),)),
        EventsFrame(BATCH.batch_id, BATCH.device_id, BATCH.sent_at, ()),
    ):
        assert changed.signed_bytes() != signed


def test_the_signature_survives_the_way() -> None:
    arrived = decode(encode(BATCH))
    assert isinstance(arrived, EventsFrame)
    assert arrived.signed_bytes() == BATCH.signed_bytes()


def test_a_newer_peer_may_add_keys() -> None:
    assert decode(json.dumps({**fields_of(BATCH), "colour": "red"})) == BATCH


@pytest.mark.parametrize("version", [0, PROTOCOL_VERSION + 1, None, "1"])
def test_another_protocol_version_is_refused(version: object) -> None:
    with pytest.raises(FrameError, match="version"):
        decode(json.dumps({**fields_of(BATCH), "v": version}))


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(FrameError, match="type"):
        decode(json.dumps({**fields_of(BATCH), "t": "shout"}))


def test_a_frame_beyond_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(FrameError, match="limit"):
        decode(b"x" * (MAX_FRAME_BYTES + 1))
    with pytest.raises(FrameError, match="limit"):
        decode("é" * (MAX_FRAME_BYTES // 2 + 1))


def test_a_batch_beyond_the_limit_is_refused() -> None:
    full = EventsFrame(BATCH.batch_id, BATCH.device_id, NOON, BATCH.items * MAX_BATCH_ITEMS)
    assert decode(encode(full)) == full
    over = EventsFrame(BATCH.batch_id, BATCH.device_id, NOON, BATCH.items * (MAX_BATCH_ITEMS + 1))
    with pytest.raises(FrameError, match="limit"):
        decode(encode(over))


def test_a_time_without_its_offset_is_refused() -> None:
    with pytest.raises(FrameError, match="offset"):
        decode(json.dumps({**fields_of(BATCH), "sent_at": "2026-11-18T12:00:00"}))


def test_a_time_keeps_its_offset() -> None:
    there = timezone(timedelta(hours=1))
    frame = EventsFrame(BATCH.batch_id, BATCH.device_id, NOON.astimezone(there), ())
    arrived = decode(encode(frame))
    assert isinstance(arrived, EventsFrame)
    assert arrived.sent_at == NOON
    assert arrived.signed_bytes() == frame.signed_bytes()


def test_a_body_comes_back_as_it_went() -> None:
    assert decode_body(encode_body(BODY)) == BODY


@given(st.sampled_from(sorted(json.loads(encode_body(BODY)))), JSON)
def test_no_spoiled_body_gets_further_than_frame_error(field: str, value: object) -> None:
    spoiled = json.dumps({**json.loads(encode_body(BODY)), field: value}).encode()
    try:
        body = decode_body(spoiled)
    except FrameError:
        return
    assert encode_body(body)


@pytest.mark.parametrize("spoiled", [b"", b"[]", b"{}", b'{"passage": "i dont feel safe"}', b"\xff"])
def test_a_refused_body_is_not_repeated(spoiled: bytes) -> None:
    with pytest.raises(FrameError) as refused:
        decode_body(spoiled)
    assert "safe" not in str(refused.value)


@pytest.mark.parametrize("escape", ["\\ud800", "\\u0000"])
@pytest.mark.parametrize(
    "field", ["passage", "window_title", "application", "account", "host", "deleted_text"]
)
def test_a_character_no_database_can_hold_is_replaced_in_its_place(field: str, escape: str) -> None:
    plain = {**json.loads(encode_body(BODY)), field: "abHEREcd"}
    body = decode_body(json.dumps(plain).replace("HERE", escape).encode())
    assert getattr(body, field) == "ab\ufffdcd"


@given(st.binary(max_size=100))
def test_base64_comes_back_as_it_went(raw: bytes) -> None:
    assert from_base64(to_base64(raw)) == raw


@pytest.mark.parametrize("text", ["a", "####", "AA=A", "é"])
def test_what_is_not_base64_is_refused(text: str) -> None:
    with pytest.raises(FrameError):
        from_base64(text)
