"""Linux's accessibility bus (AT-SPI over D-Bus) says which field has the keys and whether it is a password's.

One thread, asleep until a focus moves or a question is due. Only the role and the focused state of a field are
ever asked for, never its name or its text. GTK and Qt report of themselves; Chromium reports web pages only when
it was started with ``--force-renderer-accessibility`` (managed policy or launcher) while ``org.a11y.Status``
is enabled, which is done here. xterm and Tk are never on this bus.
"""

import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    Properties,
    message_bus,
    new_method_call,
)
from jeepney.auth import AuthenticationError
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from agent.capture.desktop import FIELD_WAIT_S, FieldKind, FieldNews

_OPEN_S = 5.0
"""The bus starts with its first question, which takes about a second."""
_CALL_S = 0.3
_LOOK_AGAIN_S = 10.0
"""Between two looks at whether an application has come onto the bus since."""
_MOST_NAMES = 256
_PASSWORD_TEXT = 40
_TEXT_ROLES = frozenset({11, 60, 61, 73, 77, 78, 79})
"""Combo box, terminal, text, paragraph, edit bar, autocomplete, entry: somebody can type there."""
_FOCUSED_BIT = 1 << 12
_ACCESSIBLE = "org.a11y.atspi.Accessible"
_ROOT = DBusAddress("/org/a11y/atspi/accessible/root", "org.a11y.atspi.Registry", _ACCESSIBLE)
_REGISTRY = DBusAddress("/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "org.a11y.atspi.Registry")
_BUS = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
_STATUS = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Status")


class NoAccessibilityBusError(RuntimeError):
    """This session has no accessibility bus, or it does not answer."""


@dataclass(frozen=True, slots=True)
class _Question:
    process_id: int
    at: float


@dataclass(frozen=True, slots=True)
class _Held:
    """The object of one application that last took the focus."""

    sender: str
    path: str
    role: int


def _focus_rule() -> MatchRule:
    rule = MatchRule(type="signal", interface="org.a11y.atspi.Event.Object", member="StateChanged")
    rule.add_arg_condition(0, "focused")
    return rule


def _call(connection: DBusConnection, message: Message, wait_s: float = _CALL_S) -> tuple[object, ...] | None:
    """The body of the answer; None for an error or no answer in time."""
    try:
        reply = connection.send_and_get_reply(message, timeout=wait_s)
    except TimeoutError:
        return None
    return reply.body if reply.header.message_type is MessageType.method_return else None


def open_bus() -> DBusConnection:
    """A connection to the accessibility bus, with accessibility enabled. Raises NoAccessibilityBusError."""
    try:
        with open_dbus_connection("SESSION") as session:
            address = _call(session, new_method_call(_BUS, "GetAddress"), _OPEN_S)
            if not address or not address[0]:
                raise NoAccessibilityBusError("no accessibility bus in this session")
            _call(session, Properties(_STATUS).set("IsEnabled", "b", True))
        return open_dbus_connection(str(address[0]))
    except (AuthenticationError, OSError, KeyError, RuntimeError, ValueError) as error:
        raise NoAccessibilityBusError("the accessibility bus cannot be reached") from error


class FieldWatch:
    """Reports every focus that moves, and answers ``ask``. Raises NoAccessibilityBusError when made."""

    def __init__(self, on_field: Callable[[FieldNews], None]) -> None:
        self._on_field = on_field
        self._bus = open_bus()
        self._signals: deque[Message] = deque()
        self._filter = self._bus.filter(_focus_rule(), queue=self._signals)
        _call(self._bus, message_bus.AddMatch(_focus_rule()))
        registered = new_method_call(_REGISTRY, "RegisterEvent", "s", ("object:state-changed:focused",))
        _call(self._bus, registered, _OPEN_S)
        self._asked: deque[_Question] = deque()
        self._open: list[_Question] = []
        self._processes: dict[str, int] = {}
        self._last: dict[int, _Held] = {}
        self._absent: dict[int, float] = {}
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="lantern-fields", daemon=True)
        self._thread.start()

    def ask(self, process_id: int, at: float) -> None:
        """Say within FIELD_WAIT_S, through ``on_field``, what has the keys of that process since ``at``."""
        self._asked.append(_Question(process_id, at))
        self._wake()

    def stop(self) -> None:
        """End the thread and leave the bus."""
        self._is_stopping = True
        self._wake()
        if self._thread is not threading.current_thread():
            self._thread.join(2.0)

    def _wake(self) -> None:
        with suppress(OSError):
            os.write(self._wake_write, b"x")

    def _run(self) -> None:
        try:
            with self._filter:
                while not self._is_stopping:
                    self._turn()
        except (OSError, ValueError, RuntimeError):
            # The bus is gone, and with it every answer.
            self._on_field(FieldNews(0, FieldKind.LOST, time.monotonic()))
        finally:
            self._bus.close()
            os.close(self._wake_read)
            os.close(self._wake_write)

    def _turn(self) -> None:
        wait_s = max(0.0, self._open[0].at + FIELD_WAIT_S - time.monotonic()) if self._open else None
        ready, _, _ = select.select([self._bus.sock, self._wake_read], [], [], wait_s)
        if self._wake_read in ready:
            os.read(self._wake_read, 4096)
        while self._asked:
            self._take(self._asked.popleft())
        with suppress(TimeoutError):
            while True:
                self._bus.recv_messages(timeout=0)
        while self._signals:
            self._moved(self._signals.popleft())
        while self._open and self._open[0].at + FIELD_WAIT_S <= time.monotonic():
            question = self._open.pop(0)
            self._answer(question, self._kind_now(question.process_id))

    def _take(self, question: _Question) -> None:
        if self._is_on_bus(question.process_id):
            self._open.append(question)
        else:
            self._answer(question, FieldKind.ABSENT)

    def _answer(self, question: _Question, kind: FieldKind) -> None:
        self._on_field(FieldNews(question.process_id, kind, time.monotonic(), question.at))

    def _moved(self, signal: Message) -> None:
        """A focus came to an object, or left it."""
        fields = signal.header.fields
        sender, path = str(fields.get(HeaderFields.sender)), str(fields.get(HeaderFields.path))
        process_id = self._process_of(sender)
        if process_id is None or not signal.body[1]:
            return
        at = time.monotonic()
        role = self._ask_object(sender, path, "GetRole")
        held = _Held(sender, path, role if isinstance(role, int) else _PASSWORD_TEXT)
        self._last[process_id] = held
        if held.role not in _TEXT_ROLES and held.role != _PASSWORD_TEXT:
            # A page or a window takes the focus first and hands it to a field in the same breath: wait.
            if not any(question.process_id == process_id for question in self._open):
                self._on_field(FieldNews(process_id, FieldKind.OPEN, at))
            return
        kind = FieldKind.SECRET if held.role == _PASSWORD_TEXT else FieldKind.OPEN
        for question in [one for one in self._open if one.process_id == process_id and one.at <= at]:
            self._open.remove(question)
            self._answer(question, kind)
        self._on_field(FieldNews(process_id, kind, at))

    def _kind_now(self, process_id: int) -> FieldKind:
        """No focus moved in time: the object that had it may have it still."""
        held = self._last.get(process_id)
        if held is None:
            return FieldKind.UNKNOWN
        if held.role == _PASSWORD_TEXT:
            return FieldKind.SECRET
        states = self._ask_object(held.sender, held.path, "GetState")
        is_still = isinstance(states, list) and bool(states) and bool(states[0] & _FOCUSED_BIT)
        return FieldKind.OPEN if is_still else FieldKind.UNKNOWN

    def _ask_object(self, sender: str, path: str, method: str) -> object:
        body = _call(self._bus, new_method_call(DBusAddress(path, sender, _ACCESSIBLE), method))
        return body[0] if body else None

    def _process_of(self, sender: str) -> int | None:
        if sender not in self._processes:
            body = _call(self._bus, message_bus.GetConnectionUnixProcessID(sender))
            if not body or not isinstance(body[0], int):
                return None
            if len(self._processes) >= _MOST_NAMES:
                self._processes.clear()
                self._last.clear()
            self._processes[sender] = body[0]
            self._absent.pop(body[0], None)
        return self._processes[sender]

    def _is_on_bus(self, process_id: int) -> bool:
        if process_id in self._processes.values():
            return True
        now = time.monotonic()
        if now - self._absent.get(process_id, -_LOOK_AGAIN_S) < _LOOK_AGAIN_S:
            return False
        body = _call(self._bus, new_method_call(_ROOT, "GetChildren"))
        children = body[0] if body else ()
        if isinstance(children, list):
            for sender, _ in children:
                self._process_of(sender)
        is_there = process_id in self._processes.values()
        if not is_there:
            if len(self._absent) >= _MOST_NAMES:
                self._absent.clear()
            self._absent[process_id] = now
        return is_there


def has_accessibility_bus() -> bool:
    """Whether password fields can be told apart in this session."""
    try:
        open_bus().close()
    except NoAccessibilityBusError:
        return False
    return True
