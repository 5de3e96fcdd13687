"""A person's own display is taken when it answers; one of our own is made, or the message says what is missing."""

from pathlib import Path

import pytest

from server.demonstration import screen
from server.demonstration.screen import NoDisplayError, Screen, find_screen, start_own_screen
from server.demonstration.supervisor import Supervisor
from tests.kit.desktop import Desktop, start_desktop


@pytest.mark.parametrize("display", [None, ""])
def test_no_display_is_none(display: str | None) -> None:
    assert find_screen(display) is None


def test_without_the_programs_the_message_names_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(screen.shutil, "which", lambda _name: None)
    said: list[str] = []
    with pytest.raises(NoDisplayError, match="Xvfb and openbox") as refused:
        start_own_screen(Supervisor(said.append), environment={}, log_folder=tmp_path)
    assert "--no-agent" in refused.value.detail


@pytest.mark.desktop
def test_a_display_that_answers_is_taken_and_not_ours() -> None:
    with start_desktop() as desktop:
        assert isinstance(desktop, Desktop)
        assert find_screen(desktop.display) == Screen(desktop.display, False)


@pytest.mark.desktop
def test_one_of_our_own_answers_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    environment = {"PATH": screen.os.environ["PATH"], "HOME": str(tmp_path)}
    try:
        made = start_own_screen(supervisor, environment=environment, log_folder=tmp_path)
        assert made.is_own
        assert screen.FIRST_OWN_DISPLAY <= int(made.display[1:]) <= screen.LAST_OWN_DISPLAY
        assert find_screen(made.display) == Screen(made.display, False)
    finally:
        supervisor.stop_all()
