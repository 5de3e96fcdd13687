"""The conversation with the server, without a socket, a clock or a disk: what to do next, what was heard.

The courier asks ``next_step(now, waiting)``, does it, and tells what came back. Time is monotonic
seconds. At-least-once from here; the server makes it exactly once by Event id, so after an unclear
answer everything is simply sent again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from agent.spool.limits import Lane
from agent.spool.store import WaitingEvent
from agent.uplink.backoff import CAP_S, Backoff
from agent.uplink.outcome import Outcome, classify
from shared.wire import MAX_BATCH_ITEMS, MAX_FRAME_BYTES, AckFrame, ErrorFrame, Frame, Result, WelcomeFrame

HEARTBEAT_S = 60.0
TOKEN_MARGIN_S = 60.0
VERSION_WAIT_S = 900.0
REFUSALS_BEFORE_LOSS = 3
_ITEM_OVERHEAD_BYTES = 2_048
_BATCH_BUDGET_BYTES = MAX_FRAME_BYTES - 16_384


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back over either carrier. ``status`` None: nothing did."""

    status: int | None
    frame: Frame | None = None
    content_type: str = ""
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class FetchToken:
    """Ask for an access token."""


@dataclass(frozen=True, slots=True)
class SendEvents:
    """Send up to ``limit`` Events of ``lane``."""

    lane: Lane
    limit: int
    newest_first: bool


@dataclass(frozen=True, slots=True)
class SendBlob:
    """Send the oldest screenshot that may go."""


@dataclass(frozen=True, slots=True)
class SendHeartbeat:
    """Say that we are alive."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Do nothing until ``until`` or until something is spooled."""

    until: float


Step = FetchToken | SendEvents | SendBlob | SendHeartbeat | Rest


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the spool must do after an answer. Everything unnamed stays."""

    acked: tuple[UUID, ...] = ()
    refused: tuple[tuple[UUID, str], ...] = ()


@dataclass(slots=True)
class _LaneState:
    backoff: Backoff
    next_at: float = 0.0
    limit: int = MAX_BATCH_ITEMS
    takes_newest: bool = True
    refusals: int = 0
    """How often in a row one item alone was refused."""


class Conversation:
    """Decides order, size, waiting and what an answer means. Holds no Event."""

    def __init__(self, *, now: float, backoff: Callable[[float], Backoff] = Backoff) -> None:
        self._lanes = {lane: _LaneState(backoff(CAP_S[lane])) for lane in Lane}
        self._token_backoff = backoff(CAP_S[Lane.URGENT])
        self._token_at = now
        self._token_expires_at: float | None = None
        self._heartbeat_at = now
        self._heartbeat_s = HEARTBEAT_S
        self._is_hastened = False
        self.problems: set[str] = set()
        """Why nothing gets through, for the heartbeat and ``status``: short machine words."""

    def next_step(self, now: float, waiting: Mapping[Lane, int]) -> Step:
        """The most urgent thing that may be done at ``now``; ``waiting`` counts the rows ready to go."""
        if self._token_expires_at is None or now >= self._token_expires_at - TOKEN_MARGIN_S:
            return FetchToken() if now >= self._token_at else Rest(self._token_at)
        for lane in (Lane.URGENT, Lane.ORDINARY):
            state = self._lanes[lane]
            if waiting.get(lane) and now >= state.next_at:
                newest = lane is Lane.URGENT and state.takes_newest
                return SendEvents(lane, state.limit, newest)
        if now >= self._heartbeat_at:
            self._is_hastened = False
            return SendHeartbeat()
        if waiting.get(Lane.BLOB) and now >= self._lanes[Lane.BLOB].next_at:
            return SendBlob()
        due = [self._lanes[lane].next_at for lane in Lane if waiting.get(lane)]
        return Rest(min([self._heartbeat_at, *due]))

    def heard_token(self, now: float, reply: Reply, expires_in_s: float = 0.0) -> None:
        """The answer to FetchToken."""
        outcome = classify(reply.status, reply.content_type)
        if outcome is Outcome.DONE and expires_in_s > 0:
            self._token_backoff.succeeded()
            self._token_expires_at = now + max(expires_in_s, TOKEN_MARGIN_S + 1.0)
            self.problems -= {"revoked", "intermediary"}
            return
        if outcome is Outcome.REFRESH_TOKEN:
            # Revoked or unknown. Nothing is dropped: a person at the school decides, and we keep asking.
            self.problems.add("revoked")
        self._note(outcome)
        self._token_at = now + self._token_backoff.failed(reply.retry_after_s)

    def heard_events(
        self, now: float, step: SendEvents, sent: Sequence[WaitingEvent], reply: Reply
    ) -> Verdict:
        """The answer to a batch: which rows may go, and when the next may be tried."""
        state = self._lanes[step.lane]
        outcome = self._note(_outcome_of(reply))
        if outcome is Outcome.DONE and isinstance(reply.frame, AckFrame):
            return self._heard_ack(now, state, sent, reply.frame)
        if outcome is Outcome.REFRESH_TOKEN:
            self._token_refused(now, state)
        elif outcome in {Outcome.HALVE, Outcome.REFUSED}:
            if len(sent) <= 1:
                return self._refused_alone(now, state, sent, outcome)
            state.limit = max(1, len(sent) // 2)
        elif outcome is Outcome.OTHER_VERSION:
            state.next_at = now + VERSION_WAIT_S
        else:
            state.next_at = now + state.backoff.failed(reply.retry_after_s)
        return Verdict()

    def heard_blob(self, now: float, event_id: UUID, reply: Reply) -> Verdict:
        """The answer to a screenshot. 404: its Event is not visible yet, so it waits."""
        state = self._lanes[Lane.BLOB]
        outcome = Outcome.RETRY if reply.status == 404 else self._note(_outcome_of(reply))
        if outcome is Outcome.DONE:
            state.backoff.succeeded()
            return Verdict(acked=(event_id,))
        if outcome in {Outcome.HALVE, Outcome.REFUSED}:
            return Verdict(refused=((event_id, "blob_refused"),))
        if outcome is Outcome.REFRESH_TOKEN:
            self._token_refused(now, state)
        else:
            state.next_at = now + state.backoff.failed(reply.retry_after_s)
        return Verdict()

    def heard_heartbeat(self, now: float, reply: Reply) -> None:
        """The answer to a heartbeat; a missed one is simply followed by the next."""
        self._heartbeat_at = now if self._is_hastened else now + self._heartbeat_s
        outcome = self._note(_outcome_of(reply))
        if outcome is Outcome.REFRESH_TOKEN:
            self._token_expires_at = None
            self._token_at = now + self._token_backoff.failed()

    def welcomed(self, welcome: WelcomeFrame) -> None:
        """The server says how often it wants to hear from us."""
        self._heartbeat_s = min(max(float(welcome.heartbeat_s), 5.0), 600.0)

    def hasten_heartbeat(self, now: float) -> None:
        """The state has changed: say so now, and again if a heartbeat is just on its way."""
        self._heartbeat_at = now
        self._is_hastened = True

    def _heard_ack(
        self, now: float, state: _LaneState, sent: Sequence[WaitingEvent], ack: AckFrame
    ) -> Verdict:
        ids = {event.id for event in sent}
        results = {one.id: one for one in ack.results if one.id in ids}
        acked = [i for i, one in results.items() if one.result in {Result.ACCEPTED, Result.DUPLICATE}]
        refused = [(i, one.code or "rejected") for i, one in results.items() if one.result is Result.REJECTED]
        if acked or refused:
            state.refusals = 0
            state.backoff.succeeded()
            state.limit = min(state.limit * 2, MAX_BATCH_ITEMS)
            state.takes_newest = not state.takes_newest
        if len(acked) + len(refused) < len(ids):
            # Told to retry, or not named at all: both stay, and wait a little.
            state.next_at = now + state.backoff.failed()
        return Verdict(tuple(acked), tuple(refused))

    def _refused_alone(
        self, now: float, state: _LaneState, sent: Sequence[WaitingEvent], outcome: Outcome
    ) -> Verdict:
        """One item, refused by status. A proxy may say so by mistake: believed only when it is repeated."""
        state.refusals += 1
        if state.refusals < REFUSALS_BEFORE_LOSS:
            state.next_at = now + state.backoff.failed()
            return Verdict()
        state.refusals, state.limit = 0, MAX_BATCH_ITEMS
        state.backoff.succeeded()
        code = "too_large" if outcome is Outcome.HALVE else "malformed"
        return Verdict(refused=tuple((event.id, code) for event in sent))

    def _token_refused(self, now: float, state: _LaneState) -> None:
        """A fresh token first. If the fresh one is refused too, both ladders slow us down."""
        self._token_expires_at = None
        self._token_at = now + (self._token_backoff.failed() if state.backoff.failures else 0.0)
        state.next_at = now + (state.backoff.failed() if state.backoff.failures else 0.0)
        state.backoff.failures = max(state.backoff.failures, 1)

    def _note(self, outcome: Outcome) -> Outcome:
        """Remember what stands in the way, and forget what no longer does."""
        if outcome is Outcome.DONE:
            self.problems.clear()
        elif outcome in {Outcome.INTERMEDIARY, Outcome.OTHER_VERSION}:
            self.problems.add(outcome.name.lower())
        return outcome


_ERROR_STATUS = {"bad_token": 401, "unauthenticated": 401, "too_large": 413, "protocol_version": 409}


def _outcome_of(reply: Reply) -> Outcome:
    """Over the websocket a refusal is an ErrorFrame; it means what its HTTP status would."""
    if isinstance(reply.frame, ErrorFrame):
        code = reply.frame.code
        status = _ERROR_STATUS.get(code, 503 if reply.frame.retryable else 422)
        return classify(status)
    return classify(reply.status, reply.content_type)


def fitting(events: Sequence[WaitingEvent]) -> list[WaitingEvent]:
    """As many of ``events``, from the front, as fit into one frame; always at least one."""
    chosen: list[WaitingEvent] = []
    size = 0
    for event in events:
        size += len(event.item.sealed_body) + _ITEM_OVERHEAD_BYTES
        if chosen and size > _BATCH_BUDGET_BYTES:
            break
        chosen.append(event)
    return chosen
