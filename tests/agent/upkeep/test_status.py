"""What the folder tells: enrolment, notice, spool and losses; never content."""

from pathlib import Path
from uuid import UUID

import pytest

from agent.spool.store import Spool
from agent.upkeep.process import FolderLock
from agent.upkeep.status import read_status
from agent.uplink.identity import Enrolment, keep_enrolment
from shared.taxonomy import Severity
from tests.kit.loopback_server import LoopbackServer
from tests.kit.passages import some_evidence


@pytest.fixture(autouse=True)
def _no_accessibility_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


def test_an_empty_folder(tmp_path: Path) -> None:
    assert read_status(tmp_path) == {
        "is_running": False, "device_id": None, "academy": None, "notice_accepted": False,
        "tells_passwords_apart": False,
    }  # fmt: skip


def test_a_used_folder(tmp_path: Path) -> None:
    server = LoopbackServer()
    keep_enrolment(tmp_path, Enrolment(UUID(int=5), "Northfield", server.server_key))
    (tmp_path / "notice.json").write_text("{}")
    spool = Spool(tmp_path, server.server_key, unix_s=lambda: 0.0)
    spool.put(some_evidence(Severity.LEVEL_5, screenshot=b"x"))
    spool.put(some_evidence(Severity.LEVEL_1))
    gone = some_evidence(Severity.LEVEL_1)
    spool.put(gone)
    spool.refuse_events([gone.header.id], "refused:x")
    lock = FolderLock(tmp_path)
    try:
        assert read_status(tmp_path) == {
            "is_running": True,
            "device_id": str(UUID(int=5)),
            "academy": "Northfield",
            "notice_accepted": True,
            "tells_passwords_apart": False,
            "spool": {"urgent": 1, "ordinary": 1, "blob": 1},
            "losses": {"refused:x": 1},
        }
    finally:
        lock.release()
        spool.close()
