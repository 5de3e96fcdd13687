"""KeyPresses come in, Passages go out: what was finally typed, and what was typed and taken back.

Pure: time arrives inside each KeyPress. Keys of a secret Focus are never kept, not even for a moment.
The caret is modelled for the keys in ``Kind``; anything that puts it out of sight closes the Passage.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

PAUSE_S = 1.5
SOFT_LIMIT_CHARS = 600
"""From here on, the next space closes the Passage, so that no word is cut."""
HARD_LIMIT_CHARS = 1_000

Kind = Literal[
    "char",
    "backspace",
    "delete",
    "enter",
    "tab",
    "left",
    "right",
    "home",
    "end",
    "word_backspace",
    "click",
    "other",
]
_CLOSING: frozenset[Kind] = frozenset({"enter", "tab", "click", "other"})


@dataclass(frozen=True, slots=True)
class KeyPress:
    """One key in memory. ``at`` is monotonic seconds, ``wall`` UTC; ``text`` is empty unless a char."""

    at: float
    wall: datetime
    kind: Kind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Focus:
    """The application and window that keys go to, and whether nothing of it may be kept."""

    application: str
    window_title: str
    host: str
    is_secret: bool
    window_id: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of text typed in one Focus. ``deleted_text`` holds removed runs in reading order, one a line."""

    text: str
    deleted_text: str
    focus: Focus
    started_at: datetime
    ended_at: datetime


class _Cell(NamedTuple):
    char: str
    at: float


@dataclass(slots=True)
class _Draft:
    """The open Passage: cells with a caret between them, and the runs that were taken out."""

    focus: Focus
    started_at: datetime
    ended_at: datetime
    last_at: float
    cells: list[_Cell] = field(default_factory=list)
    caret: int = 0
    runs: list[list[_Cell]] = field(default_factory=list)
    run_at: int = -1
    """Where the latest run was taken out, while the caret has not left it; otherwise -1."""

    @property
    def size(self) -> int:
        return len(self.cells) + sum(len(run) for run in self.runs)

    def insert(self, text: str, at: float) -> None:
        self.cells[self.caret : self.caret] = [_Cell(char, at) for char in text]
        self.caret += len(text)
        self.run_at = -1

    def take_before(self, count: int) -> None:
        """Take out ``count`` cells left of the caret; a run of backspaces reads left to right again."""
        start = max(0, self.caret - count)
        taken = self.cells[start : self.caret]
        if not taken:
            return
        del self.cells[start : self.caret]
        if self.run_at == self.caret and self.runs:
            self.runs[-1][:0] = taken
        else:
            self.runs.append(taken)
        self.caret = self.run_at = start

    def take_after(self) -> None:
        if self.caret == len(self.cells):
            return
        taken = self.cells.pop(self.caret)
        if self.run_at == self.caret and self.runs:
            self.runs[-1].append(taken)
        else:
            self.runs.append([taken])
        self.run_at = self.caret

    def move(self, caret: int) -> None:
        self.caret = min(max(caret, 0), len(self.cells))
        self.run_at = -1

    def word_before(self) -> int:
        """How many cells the word left of the caret has, with the spaces that follow it."""
        start = self.caret
        while start and self.cells[start - 1].char.isspace():
            start -= 1
        while start and not self.cells[start - 1].char.isspace():
            start -= 1
        return self.caret - start

    def passage(self) -> Passage | None:
        text = "".join(cell.char for cell in self.cells)
        deleted_text = "\n".join("".join(cell.char for cell in run) for run in self.runs if run)
        if not text.strip() and not deleted_text.strip():
            return None
        return Passage(text, deleted_text, self.focus, self.started_at, self.ended_at)


class PassageBuffer:
    """Holds the one open Passage of a device. At most HARD_LIMIT_CHARS, never on disk."""

    def __init__(self, pause_s: float = PAUSE_S) -> None:
        self._pause_s = pause_s
        self._draft: _Draft | None = None

    @property
    def closes_at(self) -> float | None:
        """The monotonic second at which ``tick`` will close the open Passage, if there is one."""
        return None if self._draft is None else self._draft.last_at + self._pause_s

    def press(self, key: KeyPress, focus: Focus) -> Passage | None:
        """Take one key; the Passage that this key ended, if it ended one."""
        closed: Passage | None = None
        draft = self._draft
        if draft is not None and (self._has_paused(draft, key.at) or not _same_place(draft.focus, focus)):
            closed = self.close()
            draft = None
        if focus.is_secret:
            return closed
        if draft is None:
            if key.kind != "char":
                return closed
            draft = self._draft = _Draft(focus, key.wall, key.wall, key.at)
        draft.last_at, draft.ended_at = key.at, key.wall
        _apply(draft, key)
        if key.kind in _CLOSING or _is_full(draft, key):
            return self.close()
        return closed

    def tick(self, now: float) -> Passage | None:
        """Close the open Passage if its writer has paused by ``now``."""
        if self._draft is not None and self._has_paused(self._draft, now):
            return self.close()
        return None

    def close(self) -> Passage | None:
        """End the open Passage now and hand it out."""
        draft, self._draft = self._draft, None
        return None if draft is None else draft.passage()

    def forget(self) -> None:
        """Drop the open Passage unread."""
        self._draft = None

    def forget_since(self, at: float) -> None:
        """Drop every character pressed at or after ``at``: it may belong to a secret field entered since."""
        draft = self._draft
        if draft is None:
            return
        kept_left = sum(cell.at < at for cell in draft.cells[: draft.caret])
        draft.cells = [cell for cell in draft.cells if cell.at < at]
        draft.runs = [[cell for cell in run if cell.at < at] for run in draft.runs]
        draft.move(kept_left)

    def _has_paused(self, draft: _Draft, now: float) -> bool:
        return now - draft.last_at >= self._pause_s


def _apply(draft: _Draft, key: KeyPress) -> None:
    match key.kind:
        case "char":
            draft.insert(key.text, key.at)
        case "backspace":
            draft.take_before(1)
        case "word_backspace":
            draft.take_before(draft.word_before())
        case "delete":
            draft.take_after()
        case "left":
            draft.move(draft.caret - 1)
        case "right":
            draft.move(draft.caret + 1)
        case "home":
            draft.move(0)
        case "end":
            draft.move(len(draft.cells))
        case "enter" | "tab" | "click" | "other":
            pass


def _same_place(one: Focus, other: Focus) -> bool:
    """Titles change while people type (an asterisk, an unread count): they do not end a Passage."""
    return (one.window_id, one.application, one.is_secret) == (
        other.window_id,
        other.application,
        other.is_secret,
    )


def _is_full(draft: _Draft, key: KeyPress) -> bool:
    return draft.size >= HARD_LIMIT_CHARS or (
        draft.size >= SOFT_LIMIT_CHARS and key.kind == "char" and key.text.isspace()
    )
