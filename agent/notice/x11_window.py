"""Puts a drawn picture into an X11 window and reports what is done to that window. No words, no rules.

Two windows: the notice, which the window manager treats like any other, and the badge, which it
does not manage and which comes back to the front whenever something covers it.
"""

import os
import select
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from Xlib import XK, X, Xatom, Xutil
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError

from agent.notice.drawing import BYTES_A_PIXEL, Drawing

_READ_FIRST_S = 1.0
"""An Enter that was meant for another window must not accept a notice that has only just appeared."""
_RAISE_EVERY_S = 1.0
_BADGE_MARGIN = 8
_MOST_BYTES = 200_000
"""In one request; every server takes 262,140 (X11 protocol, maximum-request-length)."""
_ACCEPT_KEYS = frozenset({XK.XK_Return, XK.XK_KP_Enter, XK.XK_space})


class WindowGoneError(RuntimeError):
    """The window, or the whole display, went away."""


class _Window:
    """A window of fixed size that shows one picture, with an event loop that ``wake`` can end."""

    def __init__(self, picture: Drawing, place: Callable[[int, int], tuple[int, int]], **attributes: Any):
        try:
            self.display = Display()
        except (DisplayError, OSError) as error:
            raise WindowGoneError("no X display to show the notice on") from error
        screen = self.display.screen()
        self.place = place(screen.width_in_pixels, screen.height_in_pixels)
        width, height = picture.width, picture.height
        self.window = screen.root.create_window(
            *self.place, width, height, 0, screen.root_depth, X.InputOutput, X.CopyFromParent, **attributes
        )
        self._gc = self.window.create_gc()
        self._picture = picture
        self._wake_read, self._wake_write = os.pipe()

    def paint(self, picture: Drawing | None = None) -> None:
        self._picture = picture or self._picture
        width, height, stride = self._picture.width, self._picture.height, self._picture.width * BYTES_A_PIXEL
        rows = _MOST_BYTES // stride
        for top in range(0, height, rows):
            strip = self._picture.pixels[top * stride : (top + rows) * stride]
            self.window.put_image(self._gc, 0, top, width, len(strip) // stride, X.ZPixmap, 24, 0, strip)
        self.display.flush()

    def events(self, timeout_s: float | None = None) -> list[Any]:
        """What happened; empty when woken or when the time is over."""
        if not self.display.pending_events():
            ready, _, _ = select.select([self.display.fileno(), self._wake_read], [], [], timeout_s)
            if self._wake_read in ready:
                os.read(self._wake_read, 64)
        return [self.display.next_event() for _ in range(self.display.pending_events())]

    def wake(self) -> None:
        with suppress(OSError):
            os.write(self._wake_write, b"x")

    def close(self) -> None:
        with suppress(ConnectionClosedError, OSError):
            self.display.close()


class NoticeWindow:
    """The notice, in the middle of the screen."""

    def __init__(self, panel: Drawing, title: str) -> None:
        width, height = panel.width, panel.height
        self._panel = panel
        self._shown = _Window(
            panel,
            lambda w, h: (max(0, (w - width) // 2), max(0, (h - height) // 2)),
            background_pixel=0xFFFFFF,
            event_mask=X.ExposureMask | X.KeyPressMask | X.ButtonPressMask | X.StructureNotifyMask,
        )
        self._name(title, width, height)

    def _name(self, title: str, width: int, height: int) -> None:
        window, display = self._shown.window, self._shown.display
        window.set_wm_name(title)
        window.set_wm_class("lantern", "Lantern")
        window.set_wm_protocols([display.intern_atom("WM_DELETE_WINDOW")])
        fixed = Xutil.PMinSize | Xutil.PMaxSize | Xutil.PPosition
        window.set_wm_normal_hints(
            flags=fixed, min_width=width, max_width=width, min_height=height, max_height=height
        )
        above = display.intern_atom("_NET_WM_STATE_ABOVE")
        window.change_property(display.intern_atom("_NET_WM_STATE"), Xatom.ATOM, 32, [above])

    def ask(self, should_stop: Callable[[], bool]) -> bool:
        """Show the notice and wait. True: accepted. False: closed without an answer, or told to stop.

        Raises WindowGoneError if the window was destroyed from outside.
        """
        self._shown.window.map()
        self._shown.paint()
        shown_at = time.monotonic()
        try:
            while not should_stop():
                for event in self._shown.events():
                    if event.type == X.Expose:
                        self._shown.paint()
                    elif event.type == X.DestroyNotify:
                        raise WindowGoneError("the notice was destroyed")
                    elif event.type == X.ClientMessage:
                        return False
                    elif self._accepts(event) and time.monotonic() - shown_at >= _READ_FIRST_S:
                        return True
            return False
        except (ConnectionClosedError, OSError) as error:
            raise WindowGoneError("the display went away") from error
        finally:
            self._shown.close()

    def wake(self) -> None:
        """Make ``ask`` look at ``should_stop`` again."""
        self._shown.wake()

    def _accepts(self, event: Any) -> bool:
        if event.type == X.ButtonPress:
            return event.detail == 1 and self._panel.is_on_button(event.event_x, event.event_y)
        if event.type == X.KeyPress:
            return self._shown.display.keycode_to_keysym(event.detail, 0) in _ACCEPT_KEYS
        return False


class BadgeWindow:
    """The badge at the top right, above everything, until ``close`` or until it is destroyed."""

    def __init__(self, picture: Drawing, on_gone: Callable[[], None]) -> None:
        self._on_gone = on_gone
        self._is_closing = False
        self._next_picture: Drawing | None = None
        self._raised_at = 0.0
        self._size = (picture.width, picture.height)
        width = picture.width
        self._shown = _Window(
            picture,
            lambda w, _: (w - width - _BADGE_MARGIN, _BADGE_MARGIN),
            override_redirect=True,
            event_mask=X.ExposureMask | X.VisibilityChangeMask | X.StructureNotifyMask,
        )
        self._shown.window.set_wm_name("Lantern badge")
        self._shown.window.set_wm_class("lantern-badge", "Lantern")
        self._shown.window.map()
        self._shown.paint()
        self._thread = threading.Thread(target=self._run, name="lantern-badge", daemon=True)
        self._thread.start()

    def show(self, picture: Drawing) -> None:
        """Show another picture of the same size."""
        self._next_picture = picture
        self._shown.wake()

    def close(self) -> None:
        """Take the badge down on purpose; nobody is told."""
        self._is_closing = True
        self._shown.wake()
        if self._thread is not threading.current_thread():
            self._thread.join(2.0)

    def _run(self) -> None:
        try:
            while all(self._handle(event) for event in self._shown.events()) and not self._is_closing:
                picture, self._next_picture = self._next_picture, None
                if picture is not None:
                    self._shown.paint(picture)
        except (ConnectionClosedError, OSError):
            pass  # the display went, and the badge with it: that is told below
        finally:
            self._shown.close()
            if not self._is_closing:
                self._on_gone()

    def _handle(self, event: Any) -> bool:
        """React to one event; False when the badge is no more."""
        match event.type:
            case X.DestroyNotify:
                return False
            case X.UnmapNotify:
                self._shown.window.map()
            case X.VisibilityNotify if event.state != X.VisibilityUnobscured:
                self._raise()
            case X.ConfigureNotify if not self._is_in_place(event):
                self._put_back()
            case X.Expose:
                self._shown.paint()
        return True

    def _is_in_place(self, event: Any) -> bool:
        return ((event.x, event.y), (event.width, event.height)) == (self._shown.place, self._size)

    def _put_back(self) -> None:
        """Undo what moved or stretched the badge.

        The X server gives a closed connection's window numbers to the next one: a window manager that
        is still tidying up after the notice can hit the badge that now bears its number.
        """
        (x, y), (width, height) = self._shown.place, self._size
        self._shown.window.configure(x=x, y=y, width=width, height=height)
        self._shown.paint()

    def _raise(self) -> None:
        """Come to the front, but never in a fight: two windows that both insist would burn the processor."""
        wait_s = self._raised_at + _RAISE_EVERY_S - time.monotonic()
        if wait_s > 0:
            time.sleep(wait_s)
        self._raised_at = time.monotonic()
        self._shown.window.configure(stack_mode=X.Above)
        self._shown.display.flush()
