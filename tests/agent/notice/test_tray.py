"""Asking until somebody understands: closed is asked again, stopped is no permission, known is not asked."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.notice import tray
from agent.notice.acceptance import accept, recall
from shared.taxonomy import AgeBand

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


class FakeWindow:
    """Answers in turn from ``answers``; with none left it waits until it is told to stop."""

    answers: list[bool] = []  # noqa: RUF012
    asked = 0

    def __init__(self, *_: object) -> None:
        self._woken = threading.Event()

    def ask(self, should_stop: object) -> bool:
        FakeWindow.asked += 1
        if FakeWindow.answers:
            return FakeWindow.answers.pop(0)
        self._woken.wait(5)
        return False

    def wake(self) -> None:
        self._woken.set()


@pytest.fixture
def notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tray.Notice:
    FakeWindow.answers, FakeWindow.asked = [], 0
    monkeypatch.setattr(tray, "NoticeWindow", FakeWindow)
    monkeypatch.setattr(tray, "ASK_AGAIN_S", 0.01)
    return tray.Notice(tmp_path, "mokafor", AgeBand.UNKNOWN, lambda: NOW)


def test_asked_again_until_understood(notice: tray.Notice, tmp_path: Path) -> None:
    FakeWindow.answers = [False, False, True]
    shown = notice.permission()
    assert shown is not None
    assert FakeWindow.asked == 3
    assert recall(tmp_path, "mokafor") == shown


def test_not_asked_when_already_accepted(notice: tray.Notice, tmp_path: Path) -> None:
    shown = accept(tmp_path, "mokafor", NOW)
    assert notice.permission() == shown
    assert FakeWindow.asked == 0


def test_stopped_before_an_answer_is_no_permission(notice: tray.Notice, tmp_path: Path) -> None:
    given: list[object] = []
    thread = threading.Thread(target=lambda: given.append(notice.permission()))
    thread.start()
    while FakeWindow.asked == 0:
        thread.join(0.01)
    notice.stop()
    thread.join(5)
    assert given == [None]
    assert recall(tmp_path, "mokafor") is None
