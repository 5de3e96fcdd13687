"""A desktop that exists only in memory: tests say which window is active and which key was pressed."""

from collections.abc import Callable
from datetime import UTC, datetime

from agent.capture.desktop import ActiveWindow, FieldKind, FieldNews, Region
from agent.inspection.buffer import KeyPress, Kind

NINE = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


class FakeWatch:
    def __init__(self) -> None:
        self.is_stopped = False

    def stop(self) -> None:
        self.is_stopped = True


class FakeFieldWatch(FakeWatch):
    """Remembers what it was asked; the test answers."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[int, float]] = []

    def ask(self, process_id: int, at: float) -> None:
        self.asked.append((process_id, at))


class FakeDesktop:
    """Satisfies ``agent.capture.desktop.Desktop``. ``fields``: its accessibility, if it has one."""

    def __init__(self, *, has_fields: bool = False) -> None:
        self.fields = FakeFieldWatch() if has_fields else None
        self._on_field: Callable[[FieldNews], None] | None = None
        self.regions: dict[int, Region] = {}
        self.watches: list[FakeWatch] = []
        self._on_key: Callable[[KeyPress], None] | None = None
        self._on_window: Callable[[ActiveWindow], None] | None = None

    def account_name(self) -> str:
        return "mokafor"

    def listen(self, on_key: Callable[[KeyPress], None], wall: Callable[[], datetime]) -> FakeWatch:
        self._on_key = on_key
        self.watches.append(FakeWatch())
        return self.watches[-1]

    def watch_focus(self, on_window: Callable[[ActiveWindow], None]) -> FakeWatch:
        self._on_window = on_window
        self.watches.append(FakeWatch())
        return self.watches[-1]

    def watch_fields(self, on_field: Callable[[FieldNews], None]) -> FakeFieldWatch | None:
        self._on_field = on_field
        return self.fields

    def region_of(self, window_id: int) -> Region | None:
        return self.regions.get(window_id)

    def activate(
        self, title: str, *, application: str = "chat", window_id: int = 1, process_id: int = 7
    ) -> None:
        """Another window has the keys."""
        assert self._on_window is not None
        self._on_window(ActiveWindow(window_id, application, title, process_id))

    def answer(self, kind: FieldKind, *, process_id: int = 7, at: float = 0.0) -> None:
        """Answer the oldest question."""
        assert self._on_field is not None
        assert self.fields is not None
        self._on_field(FieldNews(process_id, kind, at, self.fields.asked.pop(0)[1]))

    def move_field(self, kind: FieldKind, *, process_id: int = 7, at: float = 0.0) -> None:
        """The focus goes to another field without a question."""
        assert self._on_field is not None
        self._on_field(FieldNews(process_id, kind, at))

    def press(self, text: str, *, at: float = 0.0, kind: Kind = "char") -> None:
        """One key for every character, or one key that is no character."""
        assert self._on_key is not None
        for char in text if kind == "char" else "x":
            self._on_key(KeyPress(at, NINE, kind, char if kind == "char" else ""))
