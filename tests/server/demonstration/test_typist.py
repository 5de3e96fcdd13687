"""Real key events reach a real window, letter for letter; the rhythm is uneven and the same each time."""

import string
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from Xlib import X
from Xlib.display import Display

from server.demonstration import typist as module
from server.demonstration.run import TYPE_THIS
from server.demonstration.typist import (
    NOTICE_TITLE_PART,
    STORY,
    WINDOW_TITLE,
    Notes,
    Typist,
    accept_notice,
    active_title,
    wait_for_title,
)
from tests.kit.desktop import Desktop, start_desktop

ON_ANY_KEYBOARD = set(string.ascii_letters + string.digits + " ,.'?-")


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    with start_desktop() as started:
        yield started


@pytest.fixture
def connect(desktop: Desktop) -> Iterator[Callable[[], Display]]:
    """A further connection to the display."""
    opened: list[Display] = []

    def one() -> Display:
        opened.append(Display(desktop.display))
        return opened[-1]

    yield one
    for display in opened:
        display.close()


@pytest.fixture
def notes(connect: Callable[[], Display]) -> Notes:
    """The window, with the focus."""
    display = connect()
    made = Notes(display)
    deadline = time.monotonic() + 20
    # Not by the active window alone: the one of the test before bore the same title and the same id.
    while True:
        is_shown = made.window.get_attributes().map_state == X.IsViewable
        focused = display.get_input_focus().focus
        if is_shown and getattr(focused, "id", None) == made.window.id:
            return made
        assert time.monotonic() < deadline, "the window did not get the focus"
        time.sleep(0.05)


def read(notes: Notes, expected: str) -> str:
    """What the window shows, once everything has arrived."""
    deadline = time.monotonic() + 10
    while notes.text != expected and time.monotonic() < deadline:
        notes.handle_events()
        time.sleep(0.02)
    return notes.text


def test_the_story_can_be_typed_on_any_keyboard_and_tells_one_grave_thing() -> None:
    assert set("".join(STORY)) <= ON_ANY_KEYBOARD
    assert STORY.count(TYPE_THIS) == 1


def test_the_windows_title_is_not_taken_for_the_notice() -> None:
    assert NOTICE_TITLE_PART not in WINDOW_TITLE


@pytest.mark.desktop
def test_typed_text_appears_letter_for_letter(connect: Callable[[], Display], notes: Notes) -> None:
    text = "Who is it? i dont know, it's fine - see Q4.\nagain"
    for _ in Typist(connect()).pauses(text):
        notes.handle_events()
    assert read(notes, text) == text


@pytest.mark.desktop
def test_backspace_takes_back(connect: Callable[[], Display], notes: Notes) -> None:
    typist = Typist(connect())
    for _ in typist.pauses("home"):
        pass
    for _ in range(2):
        typist.press("BackSpace")
    assert read(notes, "ho") == "ho"


@pytest.mark.desktop
def test_what_was_typed_is_drawn(connect: Callable[[], Display], notes: Notes) -> None:
    """A screenshot of the window is a picture of the text, as any editor's would be."""

    def ink() -> int:
        drawn = notes.window.get_image(0, 0, module.WIDTH, 120, 2, 0xFFFFFFFF)
        return sum(byte < 100 for byte in drawn.data)

    read(notes, "")
    before = ink()
    for _ in Typist(connect()).pauses("homework"):
        notes.handle_events()
    read(notes, "homework")
    notes.handle_events()
    time.sleep(0.2)
    assert ink() > before + 100


@pytest.mark.desktop
def test_the_rhythm_is_uneven_and_the_same_for_the_same_seed(
    connect: Callable[[], Display], notes: Notes
) -> None:
    first, second, other = (list(Typist(connect(), seed=seed).pauses("tea time")) for seed in (7, 7, 8))
    assert first == second != other
    assert len(set(first)) == len(first) == len("tea time")
    assert all(0.05 <= pause <= 0.13 for pause in first)


@pytest.mark.desktop
def test_waiting_for_a_title_gives_up(connect: Callable[[], Display], notes: Notes) -> None:
    display = connect()
    assert active_title(display) == WINDOW_TITLE
    assert not wait_for_title(display, "no such window", timeout_s=0.5)


@pytest.mark.desktop
def test_a_window_that_closes_while_it_is_asked_has_no_title(
    connect: Callable[[], Display], notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window manager still calls it active, and it is gone."""
    display = connect()
    gone = display.screen().root.create_window(0, 0, 9, 9, 0, display.screen().root_depth)
    gone.destroy()
    display.sync()
    monkeypatch.setattr(module, "ACTIVE", "_LANTERN_TEST_ACTIVE")
    name, kind = (display.get_atom(word) for word in ("_LANTERN_TEST_ACTIVE", "WINDOW"))
    display.screen().root.change_property(name, kind, 32, [gone.id])
    assert active_title(display) == ""


@pytest.mark.desktop
def test_the_notice_is_accepted_with_return_and_then_left_alone(
    connect: Callable[[], Display], notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Return is pressed while the notice has the focus, and not into the window behind it."""
    monkeypatch.setattr(module.time, "sleep", lambda _s, nap=time.sleep: nap(0.3))
    display, watching = connect(), connect()
    notice = Notes(display)
    notice.window.set_wm_name("Lantern - please read this")
    display.sync()
    assert wait_for_title(watching, NOTICE_TITLE_PART, timeout_s=20)

    def answer() -> None:
        while "\n" not in notice.text:
            notice.handle_events()
            time.sleep(0.05)
        notice.window.destroy()
        display.sync()

    with ThreadPoolExecutor(1) as beside:
        answered = beside.submit(answer)
        accept_notice(watching, Typist(watching))
        answered.result(10)
    assert NOTICE_TITLE_PART not in active_title(watching)
    assert wait_for_title(watching, WINDOW_TITLE, timeout_s=10)
    assert read(notes, "") == ""
