"""A person's own display is taken when it answers; one of our own is made, or the message says what is missing."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.demonstration import screen
from server.demonstration.screen import (
    FIRST_OWN_DISPLAY,
    LAST_OWN_DISPLAY,
    NoDisplayError,
    Screen,
    find_screen,
    start_own_screen,
)
from server.demonstration.supervisor import Supervisor
from tests.kit.desktop import start_desktop

OPENS_A_SOCKET = f"""#!{sys.executable}
import socket, sys, time
with socket.socket(socket.AF_UNIX) as door:
    door.bind({{folder!r}} + "/X" + sys.argv[1].lstrip(":"))
    door.listen()
    time.sleep(60)
"""


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    made = Supervisor(lambda _line: None, stop_timeout_s=2)
    yield made
    made.stop_all()


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which only these programs are installed; none yet."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the displays' sockets are, instead of the machine's own place."""
    folder = tmp_path / "x"
    folder.mkdir()
    monkeypatch.setattr(screen, "SOCKETS", folder)
    return folder


def install(folder: Path, name: str, script: str) -> None:
    """One more program."""
    (folder / name).write_text(script)
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("display", [None, ""])
def test_no_display_is_none(display: str | None) -> None:
    assert find_screen(display) is None


@pytest.mark.parametrize(("status", "found"), [(0, Screen(":7", False)), (1, None)])
def test_a_display_is_taken_only_if_it_answers(programs: Path, status: int, found: Screen | None) -> None:
    install(programs, "xdpyinfo", f"#!/bin/sh\nexit {status}\n")
    assert find_screen(":7") == found


def test_where_nobody_can_be_asked_the_display_is_believed(programs: Path) -> None:
    assert not list(programs.iterdir())
    assert find_screen(":7") == Screen(":7", False)


@pytest.mark.parametrize(
    ("present", "missing"), [((), "Xvfb and openbox"), (("Xvfb",), "openbox"), (("openbox",), "Xvfb")]
)
def test_what_is_missing_is_named_with_the_way_to_get_it(
    programs: Path, supervisor: Supervisor, tmp_path: Path, present: tuple[str, ...], missing: str
) -> None:
    for name in present:
        install(programs, name, "#!/bin/sh\n")
    with pytest.raises(NoDisplayError) as refused:
        start_own_screen(supervisor, environment={}, log_folder=tmp_path / "logs")
    assert f"no display, and {missing} cannot be found" in refused.value.detail
    assert "apt-get install xvfb openbox" in refused.value.detail
    assert "--no-agent" in refused.value.detail
    assert not (tmp_path / "logs").exists(), "nothing was started"


def test_the_first_number_that_nobody_has_is_taken(
    programs: Path, sockets: Path, supervisor: Supervisor, tmp_path: Path
) -> None:
    install(programs, "Xvfb", OPENS_A_SOCKET.format(folder=str(sockets)))
    install(programs, "openbox", "#!/bin/sh\necho on $DISPLAY\nexec /bin/sleep 60\n")
    for taken in (FIRST_OWN_DISPLAY, FIRST_OWN_DISPLAY + 1):
        (sockets / f"X{taken}").touch()
    made = start_own_screen(supervisor, environment={"PATH": str(programs)}, log_folder=tmp_path)
    assert made == Screen(f":{FIRST_OWN_DISPLAY + 2}", True)
    assert {"xvfb.pid", "openbox.pid"} <= {one.name for one in tmp_path.iterdir()}


def test_where_every_number_is_taken_it_says_so(
    programs: Path, sockets: Path, supervisor: Supervisor, tmp_path: Path
) -> None:
    for name in ("Xvfb", "openbox"):
        install(programs, name, "#!/bin/sh\n")
    for number in range(FIRST_OWN_DISPLAY, LAST_OWN_DISPLAY + 1):
        (sockets / f"X{number}").touch()
    with pytest.raises(NoDisplayError, match=f":{FIRST_OWN_DISPLAY} to :{LAST_OWN_DISPLAY} is taken"):
        start_own_screen(supervisor, environment={}, log_folder=tmp_path)


def test_a_display_that_does_not_come_up_is_not_waited_for_for_ever(
    programs: Path, sockets: Path, supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "ANSWER_WITHIN_S", 0.2)
    install(programs, "Xvfb", "#!/bin/sh\nexec /bin/sleep 60\n")
    install(programs, "openbox", "#!/bin/sh\n")
    with pytest.raises(NoDisplayError, match=r"see xvfb\.log"):
        start_own_screen(supervisor, environment={}, log_folder=tmp_path)
    assert not list(sockets.iterdir())


@pytest.mark.desktop
def test_a_display_that_answers_is_taken_and_not_ours() -> None:
    with start_desktop() as desktop:
        assert find_screen(desktop.display) == Screen(desktop.display, False)


@pytest.mark.desktop
def test_one_of_our_own_answers_at_once(supervisor: Supervisor, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    made = start_own_screen(supervisor, environment=environment, log_folder=tmp_path)
    assert made.is_own
    assert FIRST_OWN_DISPLAY <= int(made.display[1:]) <= LAST_OWN_DISPLAY
    assert find_screen(made.display) == Screen(made.display, False)
