"""The invented trust, planted in an empty database once for a whole test file."""

import getpass
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from server.demonstration.plant import Planted, plant
from server.kit.db import Database
from server.kit.sealing import Keyring
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.postgres import MASTER_KEY, empty

ACCOUNT = getpass.getuser().lower()
PASSPHRASE = "3f2a-91bc-07de"


@dataclass(frozen=True)
class Stage:
    """The trust, and what to act on it with."""

    database: Database
    system_url: str
    clock: FakeClock
    keyring: Keyring
    planted: Planted


@pytest.fixture(scope="module")
def stage(
    owner_url: str, system_url: str, system_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """All of it, and nothing else in any table."""
    empty(owner_url)
    clock = FakeClock(MONDAY + timedelta(minutes=97))  # not on a full hour, when people and chases act
    planted = plant(
        system_database,
        clock,
        folder=tmp_path_factory.mktemp("mis"),
        machine_account=ACCOUNT,
        passphrase=PASSPHRASE,
    )
    yield Stage(system_database, system_url, clock, Keyring(MASTER_KEY), planted)
    empty(owner_url)
