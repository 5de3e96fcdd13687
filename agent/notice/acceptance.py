"""Remembers that somebody answered "I understand", and turns that into the permission to listen.

The only maker of NoticeShown. The record is one small file: notice version, time and account.
"""

import json
from datetime import datetime
from pathlib import Path

from agent.capture.permission import NoticeShown
from agent.notice.wording import NOTICE_VERSION
from agent.spool.sealing import write_private

NOTICE_FILE = "notice.json"


def recall(folder: Path, account: str) -> NoticeShown | None:
    """The permission from an earlier day, if ``account`` accepted this very version."""
    try:
        kept = json.loads((folder / NOTICE_FILE).read_bytes())
        shown = NoticeShown(
            int(kept["notice_version"]), datetime.fromisoformat(kept["accepted_at"]), str(kept["account"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return shown if (shown.notice_version, shown.account) == (NOTICE_VERSION, account) else None


def accept(folder: Path, account: str, now: datetime) -> NoticeShown:
    """Record that ``account`` accepted the notice at ``now``."""
    content = {"notice_version": NOTICE_VERSION, "accepted_at": now.isoformat(), "account": account}
    write_private(folder / NOTICE_FILE, json.dumps(content).encode())
    return NoticeShown(NOTICE_VERSION, now, account)
