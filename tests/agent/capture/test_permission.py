"""The token: only agent.notice makes it, and capture cannot be made without it."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.capture.focus import FocusRules
from agent.capture.keyboard import KeyboardCapture
from agent.capture.permission import NoticeShown
from agent.capture.sensed import SenseQueue
from tests.kit.senses import FakeDesktop

AGENT = Path(__file__).resolve().parents[3] / "agent"


def makers() -> set[str]:
    """Every file of the agent that calls ``NoticeShown``."""
    found = set()
    for path in AGENT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NoticeShown":
                found.add(path.relative_to(AGENT).as_posix())
    return found


def test_only_the_notice_makes_the_token() -> None:
    assert makers() == {"notice/acceptance.py"}


@pytest.mark.parametrize("instead", [None, True, "accepted", object()])
def test_nothing_else_opens_the_senses(instead: object) -> None:
    with pytest.raises(TypeError, match="NoticeShown"):
        KeyboardCapture(
            instead,  # type: ignore[arg-type]
            FakeDesktop(),
            SenseQueue(),
            rules=FocusRules(()),
            wall=lambda: datetime.now(UTC),
        )


def test_the_token_cannot_be_altered() -> None:
    shown = NoticeShown(1, datetime(2026, 11, 16, tzinfo=UTC), "mokafor")
    with pytest.raises(AttributeError):
        shown.account = "other"  # type: ignore[misc]
