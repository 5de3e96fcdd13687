"""Password fields are never read: keys wait here until it is certain which field they went to.

After Tab, Enter, a click, a shortcut or another window the keys are held, in memory only, until the desktop says
what has the focus since; keys of a password field are dropped unseen, and so are those of an unknown one.
Where the desktop or the application says nothing of fields, only titles can be judged and keys pass at once.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from agent.capture.desktop import FieldKind, FieldNews, FieldWatch
from agent.capture.sensed import Refocused, Typed
from agent.inspection.buffer import Focus, KeyPress, Kind

SECRET_LOOKBACK_S = 0.25
"""Keys pressed this shortly before a field or window became secret may already have been meant for it."""
LATE_NEWS_S = 2.0
"""A field that turns out to be secret this soon after the key that may have led to it was so all the while."""
ASK_AGAIN_S = 1.0
"""An application that was too busy to answer is asked again, so that its text is not lost for long."""
_MOVING: frozenset[Kind] = frozenset({"tab", "enter", "click", "other"})
_SECRET = frozenset({FieldKind.SECRET, FieldKind.UNKNOWN})


@dataclass(slots=True)
class _Held:
    """The keys since one question."""

    asked_at: float
    keys: list[Typed] = field(default_factory=list)


class FieldGuard:
    """Lets keys through to ``emit``, holds them or drops them. Called from several threads, never for long."""

    def __init__(self, emit: Callable[[Typed | Refocused], None]) -> None:
        self._emit = emit
        self._lock = threading.Lock()
        self._watch: FieldWatch | None = None
        self._focus: Focus | None = None
        self._process_id = 0
        self._kind = FieldKind.ABSENT
        self._held: deque[_Held] = deque()
        self._moved_at = 0.0
        self.fields_unknown = 0

    @property
    def can_tell(self) -> bool:
        """Whether password fields can be told apart."""
        return self._watch is not None

    def watch_with(self, watch: FieldWatch | None) -> None:
        """Ask ``watch`` from now on; None: nobody can be asked."""
        self._watch = watch

    def forget(self) -> None:
        """Drop what is held; until the next window is known, every key counts as secret."""
        with self._lock:
            self._focus = None
            self._held.clear()

    def refocused(self, at: float, focus: Focus, process_id: int) -> None:
        """A window has the keys, or its title has changed."""
        with self._lock:
            before, self._focus = self._focus, focus
            if before is None or (before.window_id, self._process_id) != (focus.window_id, process_id):
                self._process_id = process_id
                self._kind = FieldKind.ABSENT
                self._held.clear()
                self._begin(at)
            elif focus.is_secret:
                self._drop_held()
            self._emit(Refocused(at - SECRET_LOOKBACK_S, focus))

    def press(self, key: KeyPress) -> None:
        """A key was pressed."""
        with self._lock:
            focus = self._focus
            if focus is None:
                return
            if self._kind is FieldKind.UNKNOWN and not self._held and key.at - self._moved_at > ASK_AGAIN_S:
                self._begin(key.at)
            if not focus.is_secret:
                if self._held:
                    self._held[-1].keys.append(Typed(key, focus))
                elif self._kind not in _SECRET:
                    self._emit(Typed(key, focus))
            if key.kind in _MOVING:
                self._begin(key.at)

    def heard(self, news: FieldNews) -> None:
        """The desktop says what has the keys of a process."""
        with self._lock:
            if news.kind is FieldKind.LOST:
                self._watch, self._kind = None, FieldKind.ABSENT
                self._held.clear()
            elif news.process_id == self._process_id:
                if news.answers is not None:
                    self._release(news.kind, news.answers)
                self._become(news)

    def _begin(self, at: float) -> None:
        """From ``at`` on, nobody knows which field has the keys."""
        if self._watch is not None and self._process_id:
            self._moved_at = at
            self._held.append(_Held(at))
            self._watch.ask(self._process_id, at)

    def _release(self, kind: FieldKind, asked_at: float) -> None:
        self.fields_unknown += kind is FieldKind.UNKNOWN
        while self._held and self._held[0].asked_at <= asked_at:
            for typed in self._held.popleft().keys:
                if kind not in _SECRET:
                    self._emit(typed)

    def _drop_held(self) -> None:
        """Whatever the answers will be, these keys were meant for a secret window."""
        for held in self._held:
            held.keys.clear()

    def _become(self, news: FieldNews) -> None:
        self._kind = news.kind
        if news.kind is FieldKind.SECRET and self._focus is not None:
            is_late = news.at - self._moved_at <= LATE_NEWS_S
            since = min(news.at - SECRET_LOOKBACK_S, self._moved_at if is_late else news.at)
            self._emit(Refocused(since, replace(self._focus, window_title="", is_secret=True)))
