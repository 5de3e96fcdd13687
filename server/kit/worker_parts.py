"""What background tasks work with. The worker makes one per process; tasks find it as ``task.app.parts``."""

from dataclasses import dataclass, field
from typing import Any

from server.kit.clock import Clock
from server.kit.db import Database
from server.kit.sealing import Keyring


@dataclass(frozen=True, slots=True)
class WorkerParts:
    """The database as the system role, the time, and the ways out."""

    system_database: Database
    clock: Clock
    keyring: Keyring
    blobs: Any
    """The blob store; its interface belongs to a room above this one."""
    public_url: str
    smtp_url: str | None = field(repr=False)
    mail_from: str
