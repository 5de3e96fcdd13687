"""Composition root: builds each room once, connects them, stops them in reverse. Knows all rooms, decides little."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from agent.capture.desktop import Desktop, open_desktop, platform_name
from agent.capture.focus import FocusRules
from agent.capture.keyboard import KeyboardCapture
from agent.capture.permission import NoticeShown
from agent.capture.screen import grab_window
from agent.capture.sensed import SenseQueue
from agent.evidence.assembler import Assembler
from agent.evidence.watcher import Watcher
from agent.inspection.pipeline import Pipeline
from agent.notice.drawing import DrawingError
from agent.notice.tray import Badge, Notice
from agent.notice.x11_window import WindowGoneError
from agent.second_look.child import SecondLook
from agent.settings import Settings
from agent.spool.store import Spool
from agent.upkeep.health import Health, State
from agent.upkeep.pack import load_pack
from agent.upkeep.policy import read_policy
from agent.upkeep.process import FolderLock, harden, return_memory
from agent.upkeep.replay import replay
from agent.uplink.backoff import Backoff
from agent.uplink.client import Address, Requests, Socket
from agent.uplink.courier import Clocks, Courier
from agent.uplink.enrol import EnrolmentUnavailableError, enrol
from agent.uplink.identity import Enrolment, Identity, read_enrolment
from agent.uplink.protocol import Conversation
from shared.device_policy import DevicePolicy

AGENT_VERSION = "0.1.0"
_LOG = logging.getLogger("lantern.agent")
_CLOCKS = Clocks(time.monotonic, lambda: datetime.now(UTC))


class NotEnrolledError(RuntimeError):
    """This device was never admitted and has no token to ask with."""


def enrol_now(settings: Settings) -> Enrolment:
    """The enrolment on file, or a new one. Raises NotEnrolledError and what ``enrol`` raises."""
    known = read_enrolment(settings.home)
    if known is not None:
        return known
    if not settings.enrol_token:
        raise NotEnrolledError("this device is not enrolled: give --enrol TOKEN")
    return enrol(
        settings.home,
        Identity(settings.home),
        Requests(Address(settings.server)),
        token=settings.enrol_token,
        platform=platform_name(),
        agent_version=AGENT_VERSION,
    )


def _enrol_patiently(settings: Settings, stopping: threading.Event) -> Enrolment | None:
    """Ask until the server answers; None: told to stop before it did."""
    backoff = Backoff(60.0)
    while not stopping.is_set():
        try:
            return enrol_now(settings)
        except EnrolmentUnavailableError as error:
            _LOG.warning("enrolment has to wait: %s", error)
            stopping.wait(backoff.failed())
    return None


class Rooms:
    """Inspection, evidence and spool, built for one enrolment; what run and replay have in common."""

    def __init__(
        self, settings: Settings, enrolment: Enrolment, account: str, desktop: Desktop | None
    ) -> None:
        self.pack = load_pack(settings.pack)
        self.policy = DevicePolicy()
        self.identity = Identity(settings.home)
        self.second_look = SecondLook(settings.pack)
        self.sensed: SenseQueue = SenseQueue()
        self.spool = Spool(settings.home, enrolment.server_key, unix_s=time.time)
        self.watcher = Watcher(
            self.sensed,
            self._pipeline(),
            Assembler(account, self.identity.dedup_key, self.pack.version, os.urandom),
            policy=self.policy,
            picture=lambda focus: grab_window(desktop, focus) if desktop is not None else None,
            deliver=self.spool.put,
            wall=_CLOCKS.wall,
        )

    def adopt(self, policy: DevicePolicy) -> None:
        """Inspect and remember by another policy from now on."""
        self.policy = policy
        self.watcher.adopt(self._pipeline(), policy)

    def counters(self) -> dict[str, int]:
        """What was seen, flagged, kept and lost. Numbers only."""
        depth = self.spool.depth()
        return {
            "passages_seen": self.watcher.passages_seen,
            "passages_flagged": self.watcher.passages_flagged,
            "screenshots_taken": self.watcher.screenshots_taken,
            "failures": self.watcher.failures + self.watcher.screenshot_failures,
            "bytes_to_disk": self.spool.bytes_to_disk,
            **{f"spool_{lane.name.lower()}": n for lane, n in depth.items()},
            **{f"lost_{reason}": n for reason, n in self.spool.losses().items()},
        }

    def close(self) -> None:
        """End the child and release the file."""
        self.second_look.stop()
        self.spool.close()

    def _pipeline(self) -> Pipeline:
        return Pipeline(self.pack, self.second_look.score, self.policy)


class Agent:
    """The running agent of one folder. ``run`` returns after ``stop``, which any thread may call."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._badge_gone = False
        self._wake = threading.Event()
        self._notice: Notice | None = None
        self._capture: KeyboardCapture | None = None

    def stop(self) -> None:
        """End soon. What waits in the spool stays; what is only in memory is dropped."""
        self._stopping.set()
        self._wake.set()
        if self._notice is not None:
            self._notice.stop()

    def run(self) -> None:
        """Enrol, show the notice, watch until told to stop."""
        harden()
        lock = FolderLock(self._settings.home)
        try:
            enrolment = _enrol_patiently(self._settings, self._stopping)
            if enrolment is not None:
                self._run_enrolled(enrolment)
        finally:
            lock.release()

    def _run_enrolled(self, enrolment: Enrolment) -> None:
        desktop = open_desktop()
        account = self._settings.account or desktop.account_name()
        rooms = Rooms(self._settings, enrolment, account, desktop)
        health = Health(agent_version=AGENT_VERSION, pack_version=rooms.pack.version)
        courier = self._courier(rooms, enrolment, health)
        rooms.spool.on_put = courier.wake
        health.count(rooms.counters)
        health.count(lambda: {"bytes_sent": courier.bytes_sent, "stumbles": courier.stumbles})
        health.count(self._fields_unknown)
        health.watch_for("no_accessibility_bus", self._cannot_tell_fields)
        self._notice = Notice(self._settings.home, account, self._settings.age_band, _CLOCKS.wall)
        rooms.watcher.start()
        courier.start()
        try:
            self._ask_then_watch(self._notice, rooms, desktop, health=health, courier=courier)
        finally:
            rooms.watcher.stop()
            courier.stop()
            rooms.close()

    def _ask_then_watch(
        self, notice: Notice, rooms: Rooms, desktop: Desktop, *, health: Health, courier: Courier
    ) -> None:
        try:
            permission = None if self._stopping.is_set() else notice.permission()
            if permission is not None:
                self._watch(permission, rooms, desktop, tell=partial(_tell, health, courier))
        except (WindowGoneError, DrawingError):
            self._badge_gone = True
        if self._badge_gone and not self._stopping.is_set():
            _LOG.warning("the notice or the badge was taken away: nothing is read any more")
            health.block("badge_gone")
            courier.report()
            self._stopping.wait()

    def _watch(
        self, permission: NoticeShown, rooms: Rooms, desktop: Desktop, *, tell: Callable[[State], None]
    ) -> None:
        badge = Badge(self._lose_badge)
        capture = KeyboardCapture(
            permission,
            desktop,
            rooms.sensed,
            rules=FocusRules(rooms.policy.protected_hosts),
            wall=_CLOCKS.wall,
        )
        try:
            capture.start()
            self._capture = capture
            tell(State.WATCHING)
            return_memory()
            self._wake.wait()
        finally:
            self._capture = None
            capture.stop()
            badge.close()

    def _fields_unknown(self) -> dict[str, int]:
        return {"fields_unknown": self._capture.fields.fields_unknown} if self._capture is not None else {}

    def _cannot_tell_fields(self) -> bool:
        return self._capture is not None and not self._capture.fields.can_tell

    def _lose_badge(self) -> None:
        """No badge, no capture: stop listening here and now, on the badge's own thread."""
        self._badge_gone = True
        if self._capture is not None:
            self._capture.stop()
        self._wake.set()

    def _courier(self, rooms: Rooms, enrolment: Enrolment, health: Health) -> Courier:
        address = Address(self._settings.server)
        return Courier(
            rooms.spool,
            rooms.identity,
            enrolment,
            requests=Requests(address),
            open_socket=partial(Socket, address),
            conversation=Conversation(now=_CLOCKS.monotonic()),
            clocks=_CLOCKS,
            vital_signs=health.vital_signs,
            on_policy=partial(self._told, rooms),
        )

    def _told(self, rooms: Rooms, told: dict[str, object]) -> None:
        """The server sent a policy: obey it from now on."""
        policy = read_policy(told, rooms.policy)
        if policy == rooms.policy:
            return
        rooms.adopt(policy)
        if self._capture is not None:
            self._capture.focus.adopt(FocusRules(policy.protected_hosts))


def _tell(health: Health, courier: Courier, state: State) -> None:
    _LOG.info("state: %s", state.value)
    health.state = state
    courier.report()


def replay_file(settings: Settings, lines: Iterable[str]) -> dict[str, float | int]:
    """Push ``lines`` through the real boundary and count. Without an enrolment, Events are sealed to a
    key that nobody has."""
    harden()
    lock = FolderLock(settings.home)
    nobody = X25519PrivateKey.generate().public_key().public_bytes_raw()
    enrolment = read_enrolment(settings.home) or Enrolment(uuid4(), "", nobody)
    rooms = Rooms(settings, enrolment, settings.account or "replay", None)
    try:
        return replay(lines, rooms.sensed, rooms.watcher, wall=_CLOCKS.wall, counters=rooms.counters)
    finally:
        rooms.close()
        lock.release()
