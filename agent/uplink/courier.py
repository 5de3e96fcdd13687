"""The thread that carries: asks the conversation what to do, does it over the better carrier, tells the spool.

The websocket is tried first. Where something between us and the server does not let it through, HTTP
carries the same frames and the websocket is tried again after a while (PEERS.md §3).
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from agent.spool.store import Spool, WaitingEvent
from agent.uplink.client import Requests, Socket
from agent.uplink.identity import Enrolment, Identity
from agent.uplink.protocol import (
    Conversation,
    FetchToken,
    Reply,
    Rest,
    SendBlob,
    SendEvents,
    SendHeartbeat,
    fitting,
)
from shared.wire import TOKEN_PATH, EventsFrame, HeartbeatFrame, WelcomeFrame

SOCKET_RETRY_S = (30.0, 900.0)
"""How long HTTP alone carries after the first, and after every further, blocked websocket."""
STUMBLE_S = 5.0


@dataclass(frozen=True, slots=True)
class VitalSigns:
    """What a heartbeat says. Never text."""

    state: str
    pack_version: str
    agent_version: str
    counters: dict[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clocks:
    """The two times: ``monotonic`` seconds to wait by, ``wall`` UTC to name moments by."""

    monotonic: Callable[[], float]
    wall: Callable[[], datetime]


class Courier:
    """Carries everything in the spool to the server, and the server's policy back."""

    def __init__(
        self,
        spool: Spool,
        identity: Identity,
        enrolment: Enrolment,
        *,
        requests: Requests,
        open_socket: Callable[[Callable[[WelcomeFrame], None]], Socket | None],
        conversation: Conversation,
        clocks: Clocks,
        vital_signs: Callable[[], VitalSigns],
        on_policy: Callable[[dict[str, object]], None],
    ) -> None:
        self._spool = spool
        self._identity = identity
        self._device_id: UUID = enrolment.device_id
        self._requests = requests
        self._socket = open_socket(self._welcomed)
        self._conversation = conversation
        self._clocks = clocks
        self._vital_signs = vital_signs
        self._on_policy = on_policy
        self._token = ""
        self._socket_at = 0.0
        self._socket_blocks = 0
        self._wake = threading.Event()
        self._is_stopping = False
        self._thread: threading.Thread | None = None
        self.events_acked = 0
        self.stumbles = 0

    @property
    def bytes_sent(self) -> int:
        """Payload bytes over both carriers."""
        return self._requests.bytes_sent + (self._socket.bytes_sent if self._socket is not None else 0)

    def start(self) -> None:
        """Begin to carry."""
        self._thread = threading.Thread(target=self._run, name="lantern-courier", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something was spooled: look now."""
        self._wake.set()

    def report(self) -> None:
        """The state has changed: send a heartbeat now."""
        self._conversation.hasten_heartbeat(self._clocks.monotonic())
        self._wake.set()

    def stop(self) -> None:
        """End; what is not acknowledged stays in the spool."""
        self._is_stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(3.0)

    def _run(self) -> None:
        while not self._is_stopping:
            self._wake.clear()
            try:
                pause_s = self.advance()
            except Exception:  # noqa: BLE001 - the thread's outermost loop: count, back off, keep every row
                self.stumbles += 1
                pause_s = STUMBLE_S
            if pause_s > 0 and not self._is_stopping:
                self._wake.wait(pause_s)
        if self._socket is not None:
            self._socket.close()

    def advance(self) -> float:
        """Do the next thing; seconds to rest before the one after it."""
        now = self._clocks.monotonic()
        match self._conversation.next_step(now, self._spool.ready()):
            case Rest(until):
                return max(0.05, until - now)
            case FetchToken():
                self._fetch_token()
            case SendEvents() as step:
                self._send_events(step)
            case SendBlob():
                self._send_blob()
            case SendHeartbeat():
                self._send_heartbeat()
        return 0.0

    def _fetch_token(self) -> None:
        content = self._identity.token_request(self._device_id, self._clocks.wall())
        reply, answer = self._requests.post_json(TOKEN_PATH, content)
        expires_in_s = 0.0
        if reply.status == 200 and isinstance(answer, dict):
            self._token = str(answer.get("access_token", ""))
            expires_in_s = float(answer.get("expires_in", 0)) if self._token else 0.0
        self._conversation.heard_token(self._clocks.monotonic(), reply, expires_in_s)

    def _send_events(self, step: SendEvents) -> None:
        waiting = self._spool.peek_events(step.lane, step.limit, newest_first=step.newest_first)
        events = fitting(waiting)
        if not events:
            return
        reply = self._exchange(self._signed_frame(events))
        verdict = self._conversation.heard_events(self._clocks.monotonic(), step, events, reply)
        if verdict.acked:
            self._spool.ack_events(verdict.acked)
            self.events_acked += len(verdict.acked)
        for event_id, code in verdict.refused:
            self._spool.refuse_events([event_id], f"refused:{code}"[:40])

    def _signed_frame(self, events: list[WaitingEvent]) -> EventsFrame:
        batch_id, sent_at = uuid4(), self._clocks.wall()
        items = tuple(event.item for event in events)
        unsigned = EventsFrame(batch_id, self._device_id, sent_at, items)
        signature = self._identity.sign(unsigned.signed_bytes())
        return EventsFrame(batch_id, self._device_id, sent_at, items, signature)

    def _send_blob(self) -> None:
        blob = self._spool.peek_blob()
        if blob is None:
            return
        reply = self._requests.put_blob(blob.event_id, blob.sha256, blob.sealed, self._token)
        verdict = self._conversation.heard_blob(self._clocks.monotonic(), blob.event_id, reply)
        for event_id in verdict.acked:
            self._spool.ack_blob(event_id)
        for event_id, code in verdict.refused:
            self._spool.refuse_blob(event_id, f"refused:{code}"[:40])

    def _send_heartbeat(self) -> None:
        signs = self._vital_signs()
        frame = HeartbeatFrame(
            device_id=self._device_id,
            sent_at=self._clocks.wall(),
            agent_version=signs.agent_version,
            pack_version=signs.pack_version,
            state=signs.state,
            counters=signs.counters,
            reasons=tuple(sorted({*signs.reasons, *self._conversation.problems})),
        )
        reply = self._exchange(frame)
        self._conversation.heard_heartbeat(self._clocks.monotonic(), reply)

    def _exchange(self, frame: EventsFrame | HeartbeatFrame) -> Reply:
        """Over the websocket if it is open or opens; otherwise over HTTP."""
        blocked = False
        if self._socket is not None and self._clocks.monotonic() >= self._socket_at:
            opened = self._socket.open(self._token)
            if opened.status == 101:
                self._socket_blocks = 0
                return self._socket.exchange(frame)
            if opened.status == 401:
                return opened
            blocked = True
        reply = self._requests.exchange(frame, self._token)
        if isinstance(reply.frame, WelcomeFrame):
            self._welcomed(reply.frame)
        if blocked and reply.status is not None:
            # The server is there but the websocket is not: something between us does not like it.
            wait_s = SOCKET_RETRY_S[min(self._socket_blocks, len(SOCKET_RETRY_S) - 1)]
            self._socket_at = self._clocks.monotonic() + wait_s
            self._socket_blocks += 1
        return reply

    def _welcomed(self, welcome: WelcomeFrame) -> None:
        self._conversation.welcomed(welcome)
        self._on_policy(dict(welcome.policy))
