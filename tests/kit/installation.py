"""Looks into a running installation from beside: its database under each role, and its admission of devices."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from server.demonstration.plant import Planted
from server.demonstration.planted import recall
from server.enrolment.issue_enrolment_token import issue_enrolment_token
from server.kit.clock import SystemClock
from server.kit.db import Database
from server.kit.embedded_postgres import EmbeddedPostgres
from server.kit.installation import addresses_on


@dataclass(frozen=True)
class Inside:
    """``people`` connects as the application's role, ``system`` as background work does."""

    people: Database
    system: Database
    planted: Planted

    def enrolment_token(self, academy_id: UUID) -> str:
        """A one-time token, as an administrator would issue it."""
        with self.system.write() as session:
            return issue_enrolment_token(session, SystemClock(), academy_id=academy_id)


@contextmanager
def look_inside(folder: Path) -> Iterator[Inside]:
    """Open the databases of the installation that runs on ``folder``."""
    url = EmbeddedPostgres(folder, outlives_us=True).start()  # it runs: this only adopts it
    addresses = addresses_on(url, bytes.fromhex((folder / "master.key").read_text().strip()))
    people, system = Database(addresses.app, pool_size=2), Database(addresses.system, pool_size=2)
    try:
        planted = recall(system)
        assert planted is not None, "nothing was planted"
        yield Inside(people, system, planted)
    finally:
        people.close()
        system.close()
