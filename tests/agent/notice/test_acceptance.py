"""The record of "I understand": this version, this account, or no permission."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.notice.acceptance import NOTICE_FILE, accept, recall
from agent.notice.wording import NOTICE_VERSION

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def test_accepted_once_is_remembered(tmp_path: Path) -> None:
    assert recall(tmp_path, "mokafor") is None
    shown = accept(tmp_path, "mokafor", NOW)
    assert (shown.notice_version, shown.accepted_at, shown.account) == (NOTICE_VERSION, NOW, "mokafor")
    assert recall(tmp_path, "mokafor") == shown
    kept = json.loads((tmp_path / NOTICE_FILE).read_text())
    assert kept == {"notice_version": NOTICE_VERSION, "accepted_at": NOW.isoformat(), "account": "mokafor"}


def test_another_account_or_version_is_asked_again(tmp_path: Path) -> None:
    accept(tmp_path, "mokafor", NOW)
    assert recall(tmp_path, "tsmith") is None
    kept = json.loads((tmp_path / NOTICE_FILE).read_text())
    (tmp_path / NOTICE_FILE).write_text(json.dumps({**kept, "notice_version": NOTICE_VERSION - 1}))
    assert recall(tmp_path, "mokafor") is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"notice_version": "x"}', "accepted-by-demo"])
def test_a_damaged_record_is_no_permission(tmp_path: Path, content: str) -> None:
    (tmp_path / NOTICE_FILE).write_text(content)
    assert recall(tmp_path, "mokafor") is None
