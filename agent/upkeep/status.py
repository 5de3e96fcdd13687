"""What ``python -m agent status`` says, from the folder and this session. Numbers and ids, never content."""

from pathlib import Path
from typing import Any

from agent.capture.desktop import tells_passwords_apart
from agent.spool.store import depth_of, losses_of, open_database
from agent.upkeep.process import is_running
from agent.uplink.identity import read_enrolment


def read_status(folder: Path) -> dict[str, Any]:
    """State of the agent in ``folder``."""
    enrolment = read_enrolment(folder)
    status: dict[str, Any] = {
        "is_running": is_running(folder),
        "device_id": str(enrolment.device_id) if enrolment else None,
        "academy": enrolment.academy_label if enrolment else None,
        "notice_accepted": (folder / "notice.json").exists(),
        "tells_passwords_apart": tells_passwords_apart(),
    }
    if (folder / "spool.db").exists():
        connection = open_database(folder)
        try:
            status["spool"] = {lane.name.lower(): n for lane, n in depth_of(connection).items()}
            status["losses"] = losses_of(connection)
        finally:
            connection.close()
    return status
