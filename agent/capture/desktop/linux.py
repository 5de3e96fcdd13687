"""The X11 desktop: keys and clicks through pynput's XRecord listener, focus through window properties.

Event-driven throughout: an idle desktop wakes nothing here. Wayland hides both from everybody and is
not supported; nothing is captured there.
"""

import os
import pwd
import select
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from pynput import keyboard
from pynput._util.xorg_keysyms import KEYSYMS, SYMBOLS
from Xlib import X
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, XError
from Xlib.ext import record

from agent.capture.desktop import ActiveWindow, FieldNews, Region, Watch
from agent.capture.desktop.at_spi import FieldWatch, NoAccessibilityBusError
from agent.capture.desktop.x11_keys import Keymap
from agent.inspection.buffer import KeyPress

_LEGACY_CHARS = {keysym: SYMBOLS[name][1] for keysym, name in KEYSYMS.items() if name in SYMBOLS}
_CORE_EVENT = struct.Struct("=BB26xH2x")
"""Kind, detail and modifier state of a key or button event (X11 protocol, appendix B)."""
_WHEEL_BUTTONS = frozenset({4, 5, 6, 7})


def _silent(*_: object) -> None:
    """Windows vanish between a question and its answer: python-xlib would print each such error."""


def _open_display() -> Any:
    display = Display()
    display.set_error_handler(_silent)
    return display


def _keymap(display: Any) -> Keymap:
    first = display.display.info.min_keycode
    count = display.display.info.max_keycode - first + 1
    symbols = display.get_keyboard_mapping(first, count)
    return Keymap({first + row: tuple(keysyms) for row, keysyms in enumerate(symbols)}, _LEGACY_CHARS)


class _Listener(keyboard.Listener):  # type: ignore[misc]
    """pynput's plumbing with our own reading: presses and clicks arrive on one connection, in order.

    pynput asks for every event between a press and a click, releases included, and lets python-xlib take each
    one apart field by field; that was most of the processor time of a typed character.
    """

    def __init__(self, on_event: Callable[[int, int, int], None]) -> None:
        super().__init__()
        self._on_event = on_event

    def _run(self) -> None:
        self._display_stop, self._display_record = _open_display(), _open_display()
        with suppress(ConnectionClosedError, OSError):
            self._context = self._display_record.record_create_context(
                0, [record.AllClients], [_only(X.KeyPress), _only(X.ButtonPress)]
            )
            self._mark_ready()
            self._display_record.record_enable_context(self._context, self._read)
        with suppress(ConnectionClosedError, OSError):
            self._display_record.close()

    def close(self) -> None:
        """After the thread's end: it may end while ``stop`` is still writing."""
        with suppress(ConnectionClosedError, OSError):
            self._display_stop.close()

    def _stop_platform(self) -> None:
        """pynput asks on the connection that is busy listening, which then ends with the next key only."""
        with suppress(ConnectionClosedError, OSError):
            self._display_stop.record_disable_context(self._context)
            self._display_stop.flush()

    def _read(self, reply: Any) -> None:
        if reply.category == record.FromServer:
            for kind, detail, state in _CORE_EVENT.iter_unpack(reply.data):
                self._on_event(kind, detail, state)


def _only(event: int) -> dict[str, object]:
    """What RECORD calls a range: device events of one kind, and nothing else."""
    nothing = {"core_requests": (0, 0), "core_replies": (0, 0), "delivered_events": (0, 0), "errors": (0, 0)}
    extensions = {"ext_requests": (0, 0, 0, 0), "ext_replies": (0, 0, 0, 0)}
    clients = {"client_started": False, "client_died": False}
    return {**nothing, **extensions, **clients, "device_events": (event, event)}


class _KeyWatch:
    """Turns raw events into KeyPresses; the map is read again whenever the layout changes."""

    def __init__(self, on_key: Callable[[KeyPress], None], wall: Callable[[], datetime]) -> None:
        self._on_key = on_key
        self._wall = wall
        self._display = _open_display()
        self._keymap = _keymap(self._display)
        self._loop = _EventLoop(self._display, self._on_x_event)
        self._listener = _Listener(self._on_raw)
        self._listener.start()
        self._listener.wait()
        self._loop.start("lantern-layout")

    def stop(self) -> None:
        self._listener.stop()
        self._listener.join(2.0)
        self._listener.close()
        self._loop.stop()

    def _on_raw(self, kind: int, detail: int, state: int) -> None:
        at, wall = time.monotonic(), self._wall()
        if kind == X.KeyPress:
            key = self._keymap.read(detail, state, at, wall)
            if key is not None:
                self._on_key(key)
        elif kind == X.ButtonPress and detail not in _WHEEL_BUTTONS:
            # A click puts the caret where we cannot see it.
            self._on_key(KeyPress(at, wall, "click"))

    def _on_x_event(self, event: Any) -> None:
        if event.type == X.MappingNotify and event.request == X.MappingKeyboard:
            self._keymap = _keymap(self._display)


class _EventLoop:
    """A thread that sleeps until its X connection has an event or it is told to stop."""

    def __init__(self, display: Any, on_event: Callable[[Any], None]) -> None:
        self._display = display
        self._on_event = on_event
        self._wake_read, self._wake_write = os.pipe()
        self._thread: threading.Thread | None = None

    def start(self, name: str) -> None:
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        os.write(self._wake_write, b"x")
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(2.0)

    def _run(self) -> None:
        try:
            while True:
                while self._display.pending_events():
                    self._on_event(self._display.next_event())
                ready, _, _ = select.select([self._display.fileno(), self._wake_read], [], [])
                if self._wake_read in ready:
                    break
        except (ConnectionClosedError, OSError):
            return
        finally:
            with suppress(ConnectionClosedError, OSError):
                self._display.close()
            os.close(self._wake_read)
            os.close(self._wake_write)


class _FocusWatch:
    """Follows _NET_ACTIVE_WINDOW and the title of whichever window that is."""

    def __init__(self, on_window: Callable[[ActiveWindow], None]) -> None:
        self._on_window = on_window
        self._display = _open_display()
        self._root = self._display.screen().root
        self._names = {
            name: self._display.intern_atom(name)
            for name in ("_NET_ACTIVE_WINDOW", "_NET_WM_NAME", "_NET_WM_PID")
        }
        self._titles = {self._names["_NET_WM_NAME"], self._display.intern_atom("WM_NAME")}
        self._window_id = 0
        self._root.change_attributes(event_mask=X.PropertyChangeMask)
        self._refresh()
        self._loop = _EventLoop(self._display, self._on_event)
        self._loop.start("lantern-focus")

    def stop(self) -> None:
        self._loop.stop()

    def _on_event(self, event: Any) -> None:
        if event.type == X.DestroyNotify and event.window.id == self._window_id:
            # Some window managers leave the name of the last window standing when it is gone.
            self._window_id = 0
            self._on_window(ActiveWindow(0, "", ""))
        elif event.type != X.PropertyNotify:
            return
        elif event.atom == self._names["_NET_ACTIVE_WINDOW"] or event.atom in self._titles:
            self._refresh()

    def _refresh(self) -> None:
        window_id = active_window_id(self._display)
        try:
            if window_id != self._window_id:
                self._follow(window_id)
            self._on_window(self._describe(window_id))
        except XError:
            # The window went away while we asked. Unknown counts as secret until the next one is active.
            self._on_window(ActiveWindow(0, "", ""))

    def _follow(self, window_id: int) -> None:
        if self._window_id:
            self._display.create_resource_object("window", self._window_id).change_attributes(event_mask=0)
        self._window_id = window_id
        if window_id:
            window = self._display.create_resource_object("window", window_id)
            window.change_attributes(event_mask=X.PropertyChangeMask | X.StructureNotifyMask)

    def _describe(self, window_id: int) -> ActiveWindow:
        if not window_id:
            return ActiveWindow(0, "", "")
        window = self._display.create_resource_object("window", window_id)
        named = window.get_full_property(self._names["_NET_WM_NAME"], X.AnyPropertyType)
        title = _text(named.value if named is not None and named.value else window.get_wm_name())
        owner = window.get_full_property(self._names["_NET_WM_PID"], X.AnyPropertyType)
        process_id = int(owner.value[0]) if owner is not None and owner.value else 0
        return ActiveWindow(window_id, _application(window, process_id), title, process_id)


def _application(window: Any, process_id: int) -> str:
    if process_id:
        with suppress(OSError):
            # /proc rather than psutil: the same name for 4 MB less.
            return Path(f"/proc/{process_id}/comm").read_text().strip()
    names = window.get_wm_class()
    return str(names[-1]) if names else ""


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value or "")


def active_window_id(display: Any) -> int:
    """The id of the window that has the keys, 0 if the window manager names none."""
    prop = display.screen().root.get_full_property(
        display.intern_atom("_NET_ACTIVE_WINDOW"), X.AnyPropertyType
    )
    return int(prop.value[0]) if prop is not None and prop.value else 0


class X11Desktop:
    """This machine's desktop. Each watch has connections of its own, so that none waits for another."""

    def account_name(self) -> str:
        return pwd.getpwuid(os.getuid()).pw_name

    def listen(self, on_key: Callable[[KeyPress], None], wall: Callable[[], datetime]) -> Watch:
        return _KeyWatch(on_key, wall)

    def watch_focus(self, on_window: Callable[[ActiveWindow], None]) -> Watch:
        return _FocusWatch(on_window)

    def watch_fields(self, on_field: Callable[[FieldNews], None]) -> FieldWatch | None:
        try:
            return FieldWatch(on_field)
        except NoAccessibilityBusError:
            return None

    def region_of(self, window_id: int) -> Region | None:
        display = _open_display()
        try:
            if not window_id or active_window_id(display) != window_id:
                return None
            root = display.screen().root
            window = display.create_resource_object("window", window_id)
            size = window.get_geometry()
            corner = root.translate_coords(window, 0, 0)
            return _on_screen(corner.x, corner.y, size, root.get_geometry())
        except XError:
            return None
        finally:
            display.close()


def _on_screen(left: int, top: int, size: Any, screen: Any) -> Region | None:
    """The part of a window that lies on the screen; None if there is none."""
    right, bottom = min(left + size.width, screen.width), min(top + size.height, screen.height)
    left, top = max(left, 0), max(top, 0)
    return Region(left, top, right - left, bottom - top) if right > left and bottom > top else None


def open_desktop() -> X11Desktop:
    """The X11 desktop named by DISPLAY."""
    return X11Desktop()
