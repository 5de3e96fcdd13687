"""Runs a task's own function as a worker would, with the tests' databases behind it and no broker."""

from types import SimpleNamespace
from typing import Any

from server.kit.clock import Clock
from server.kit.db import Database
from server.kit.sealing import Keyring
from server.kit.worker_parts import WorkerParts
from tests.kit.postgres import MASTER_KEY


def run_task(task: Any, system_database: Database, clock: Clock, *arguments: object) -> None:
    """Call ``task`` with ``arguments``; ``task.app.parts`` are these."""
    parts = WorkerParts(
        system_database=system_database,
        clock=clock,
        keyring=Keyring(MASTER_KEY),
        blobs=None,
        public_url="https://lantern.test",
        smtp_url=None,
        mail_from="lantern@lantern.test",
    )
    task.run.__func__(SimpleNamespace(app=SimpleNamespace(parts=parts)), *arguments)
