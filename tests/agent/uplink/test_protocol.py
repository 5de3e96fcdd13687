"""Playbooks of the conversation: what is done next, what is heard, what the spool is told. No I/O at all."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from agent.spool.limits import Lane
from agent.spool.store import WaitingEvent
from agent.uplink.backoff import Backoff
from agent.uplink.protocol import (
    TOKEN_MARGIN_S,
    VERSION_WAIT_S,
    Conversation,
    FetchToken,
    Reply,
    Rest,
    SendBlob,
    SendEvents,
    SendHeartbeat,
    Step,
    Verdict,
    fitting,
)
from shared.wire import (
    MAX_BATCH_ITEMS,
    MAX_FRAME_BYTES,
    AckFrame,
    ErrorFrame,
    EventItem,
    ItemResult,
    Result,
    WelcomeFrame,
)
from tests.kit.passages import some_evidence

OK = Reply(200, content_type="application/json")
WELCOME = WelcomeFrame(1, datetime(2026, 11, 16, tzinfo=UTC), 60, {})


def waiting(count: int, *, size: int = 10) -> list[WaitingEvent]:
    return [WaitingEvent(Lane.URGENT, EventItem(some_evidence().header, "x" * size)) for _ in range(count)]


def ack(events: list[WaitingEvent], *results: Result) -> Reply:
    named = tuple(ItemResult(event.id, result, "why") for event, result in zip(events, results, strict=False))
    return Reply(200, AckFrame(uuid4(), named), "application/json")


def signed_in(now: float = 0.0) -> Conversation:
    conversation = Conversation(now=now, backoff=lambda cap_s: Backoff(cap_s, lambda _, high: high))
    conversation.heard_token(now, OK, 600.0)
    conversation.heard_heartbeat(now, Reply(200, WELCOME))
    return conversation


def send_urgent(conversation: Conversation, now: float) -> SendEvents:
    step = conversation.next_step(now, {Lane.URGENT: 1})
    assert isinstance(step, SendEvents)
    return step


def test_a_token_comes_first_and_is_renewed_before_it_ends() -> None:
    conversation = Conversation(now=0.0)
    assert conversation.next_step(0.0, {Lane.URGENT: 1}) == FetchToken()
    conversation.heard_token(0.0, OK, 600.0)
    assert isinstance(conversation.next_step(600.0 - TOKEN_MARGIN_S - 1, {Lane.URGENT: 1}), SendEvents)
    assert conversation.next_step(600.0 - TOKEN_MARGIN_S, {Lane.URGENT: 1}) == FetchToken()


def test_order_of_what_waits() -> None:
    conversation = Conversation(now=0.0)
    conversation.heard_token(0.0, OK, 600.0)
    everything = {Lane.URGENT: 1, Lane.ORDINARY: 1, Lane.BLOB: 1}
    steps: list[Step] = []
    for lane in (Lane.URGENT, Lane.ORDINARY):
        steps.append(conversation.next_step(0.0, everything))
        del everything[lane]
    steps.append(conversation.next_step(0.0, everything))
    conversation.heard_heartbeat(0.0, OK)
    steps.append(conversation.next_step(0.0, everything))
    assert [type(step) for step in steps] == [SendEvents, SendEvents, SendHeartbeat, SendBlob]
    assert [step.lane for step in steps if isinstance(step, SendEvents)] == [Lane.URGENT, Lane.ORDINARY]
    assert conversation.next_step(0.0, {}) == Rest(60.0)


def test_urgent_goes_newest_first_and_oldest_first_in_turn_and_ordinary_in_order() -> None:
    conversation = signed_in()
    seen = []
    for _ in range(4):
        step = send_urgent(conversation, 1.0)
        seen.append(step.newest_first)
        events = waiting(1)
        conversation.heard_events(1.0, step, events, ack(events, Result.ACCEPTED))
    assert seen == [True, False, True, False]
    ordinary = conversation.next_step(1.0, {Lane.ORDINARY: 1})
    assert isinstance(ordinary, SendEvents)
    assert not ordinary.newest_first


@pytest.mark.parametrize(
    ("result", "acked", "refused"),
    [
        (Result.ACCEPTED, True, False),
        (Result.DUPLICATE, True, False),
        (Result.REJECTED, False, True),
        (Result.RETRY, False, False),
    ],
)
def test_only_an_acknowledgement_frees_a_row(result: Result, acked: bool, refused: bool) -> None:
    conversation = signed_in()
    events = waiting(1)
    verdict = conversation.heard_events(1.0, send_urgent(conversation, 1.0), events, ack(events, result))
    assert verdict.acked == ((events[0].id,) if acked else ())
    assert verdict.refused == (((events[0].id, "why"),) if refused else ())


def test_items_that_the_answer_does_not_name_stay_and_strangers_are_ignored() -> None:
    conversation = signed_in()
    events = waiting(2)
    stranger = waiting(1)
    reply = ack([events[0], stranger[0]], Result.ACCEPTED, Result.ACCEPTED)
    step = send_urgent(conversation, 1.0)
    assert conversation.heard_events(1.0, step, events, reply) == Verdict(acked=(events[0].id,))
    assert isinstance(conversation.next_step(1.0, {Lane.URGENT: 1}), Rest)


@pytest.mark.parametrize("status", [403, 404, 407, 408, 425, 426, 429, 451, 500, 502, 503, 504, None])
def test_trouble_keeps_everything_and_waits_longer_each_time(status: int | None) -> None:
    conversation = signed_in()
    now, waits = 1.0, []
    for _ in range(4):
        step = send_urgent(conversation, now)
        assert conversation.heard_events(now, step, waiting(3), Reply(status)) == Verdict()
        rest = conversation.next_step(now, {Lane.URGENT: 3})
        assert isinstance(rest, Rest)
        waits.append(rest.until - now)
        now = rest.until
    assert waits == [1, 2, 4, 8]


def test_retry_after_is_obeyed() -> None:
    conversation = signed_in()
    step = send_urgent(conversation, 1.0)
    conversation.heard_events(1.0, step, waiting(1), Reply(429, retry_after_s=30.0))
    assert conversation.next_step(1.0, {Lane.URGENT: 1}) == Rest(32.0)


def test_a_login_page_with_status_200_acknowledges_nothing() -> None:
    conversation = signed_in()
    step = send_urgent(conversation, 1.0)
    reply = Reply(200, content_type="text/html")
    assert conversation.heard_events(1.0, step, waiting(1), reply) == Verdict()
    assert conversation.problems == {"intermediary"}
    events = waiting(1)
    conversation.heard_events(9.0, step, events, ack(events, Result.ACCEPTED))
    assert conversation.problems == set()


@pytest.mark.parametrize(("status", "code"), [(413, "too_large"), (422, "malformed"), (400, "malformed")])
def test_a_refused_batch_is_halved_until_it_is_one_item(status: int, code: str) -> None:
    conversation = signed_in()
    batch = waiting(MAX_BATCH_ITEMS)
    limits, now = [], 1.0
    while True:
        step = conversation.next_step(now, {Lane.URGENT: 1})
        if isinstance(step, Rest):
            now = step.until
            continue
        assert isinstance(step, SendEvents)
        limits.append(step.limit)
        sent = batch[: step.limit]
        verdict = conversation.heard_events(now, step, sent, Reply(status))
        assert verdict.acked == ()
        if verdict.refused:
            break
    assert limits == [64, 32, 16, 8, 4, 2, 1, 1, 1]
    assert verdict.refused == ((sent[0].id, code),)
    assert send_urgent(conversation, now).limit == MAX_BATCH_ITEMS


def test_a_refused_token_is_renewed_once_at_once_and_then_slowly() -> None:
    conversation = signed_in()
    conversation.heard_events(1.0, send_urgent(conversation, 1.0), waiting(1), Reply(401))
    assert conversation.next_step(1.0, {Lane.URGENT: 1}) == FetchToken()
    conversation.heard_token(1.0, OK, 600.0)
    step = send_urgent(conversation, 1.0)
    conversation.heard_events(1.0, step, waiting(1), Reply(401))
    assert isinstance(conversation.next_step(1.0, {Lane.URGENT: 1}), Rest)


def test_a_revoked_device_keeps_everything_and_says_so() -> None:
    conversation = Conversation(now=0.0, backoff=lambda cap_s: Backoff(cap_s, lambda _, high: high))
    conversation.heard_token(0.0, Reply(401))
    assert conversation.problems == {"revoked"}
    assert conversation.next_step(0.0, {Lane.URGENT: 5}) == Rest(1.0)
    assert conversation.next_step(1.0, {Lane.URGENT: 5}) == FetchToken()
    conversation.heard_token(1.0, OK, 600.0)
    assert conversation.problems == set()


def test_another_protocol_version_waits_long() -> None:
    conversation = signed_in()
    conversation.heard_events(1.0, send_urgent(conversation, 1.0), waiting(1), Reply(409))
    assert "other_version" in conversation.problems
    later = conversation.next_step(61.0, {Lane.URGENT: 1})
    assert later == SendHeartbeat()
    conversation.heard_heartbeat(61.0, OK)
    assert isinstance(conversation.next_step(62.0, {Lane.URGENT: 1}), Rest)
    conversation.heard_token(1.0 + VERSION_WAIT_S, OK, 600.0)
    assert isinstance(send_urgent(conversation, 1.0 + VERSION_WAIT_S), SendEvents)


@pytest.mark.parametrize(
    ("frame", "like"),
    [
        (ErrorFrame("bad_token", True), 401),
        (ErrorFrame("too_large", False), 413),
        (ErrorFrame("protocol_version", False), 409),
        (ErrorFrame("busy", True), 503),
        (ErrorFrame("malformed", False), 422),
    ],
)
def test_an_error_frame_means_what_its_status_would(frame: ErrorFrame, like: int) -> None:
    outcomes = []
    for reply in (Reply(200, frame), Reply(like)):
        conversation = signed_in()
        verdict = conversation.heard_events(1.0, send_urgent(conversation, 1.0), waiting(2), reply)
        outcomes.append((verdict, conversation.next_step(1.0, {Lane.URGENT: 2}), conversation.problems))
    assert outcomes[0] == outcomes[1]


BLOB = UUID(int=7)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict(acked=(BLOB,))),
        (201, Verdict(acked=(BLOB,))),
        (413, Verdict(refused=((BLOB, "blob_refused"),))),
        (422, Verdict(refused=((BLOB, "blob_refused"),))),
        (404, Verdict()),
        (401, Verdict()),
        (503, Verdict()),
        (None, Verdict()),
    ],
)
def test_answers_to_a_screenshot(status: int | None, verdict: Verdict) -> None:
    assert signed_in().heard_blob(1.0, BLOB, Reply(status)) == verdict


def test_a_blob_in_trouble_does_not_hold_events_up() -> None:
    conversation = signed_in()
    conversation.heard_blob(1.0, BLOB, Reply(503))
    assert isinstance(conversation.next_step(1.0, {Lane.URGENT: 1, Lane.BLOB: 1}), SendEvents)
    assert isinstance(conversation.next_step(1.0, {Lane.BLOB: 1}), Rest)


def test_the_server_sets_the_heartbeat_within_reason() -> None:
    conversation = signed_in()
    for told, kept in ((30, 30.0), (0, 5.0), (86_400, 600.0)):
        conversation.welcomed(WelcomeFrame(1, WELCOME.server_time, told, {}))
        conversation.heard_heartbeat(100.0, OK)
        conversation.heard_token(100.0, OK, 6_000.0)
        assert conversation.next_step(100.0, {}) == Rest(100.0 + kept)
    conversation.hasten_heartbeat(101.0)
    assert conversation.next_step(101.0, {}) == SendHeartbeat()


def test_a_change_of_state_during_a_heartbeat_is_told_by_the_next_one() -> None:
    conversation = signed_in()
    conversation.hasten_heartbeat(1.0)
    assert conversation.next_step(1.0, {}) == SendHeartbeat()
    conversation.hasten_heartbeat(1.1)
    conversation.heard_heartbeat(1.2, OK)
    assert conversation.next_step(1.2, {}) == SendHeartbeat()
    conversation.heard_heartbeat(1.3, OK)
    assert conversation.next_step(1.3, {}) == Rest(61.3)


def test_a_batch_fits_into_a_frame_and_is_never_empty() -> None:
    assert len(fitting(waiting(10, size=MAX_FRAME_BYTES // 4))) == 3
    assert len(fitting(waiting(2, size=MAX_FRAME_BYTES * 2))) == 1
    assert fitting([]) == []
