"""The invented trust comes through the verbs and importers that a real one comes through, all of it or nothing."""

from pathlib import Path

import pytest
from sqlalchemy import text

from server.demonstration.plant import PLAYERS, TRUST_NAME, plant
from server.demonstration.roster import ACADEMIES
from server.kit.db import Database
from server.organisation.domain import Role
from server.sign_in.passwords import verify_password
from tests.kit.chain import rows
from tests.kit.clock import FakeClock

pytestmark = pytest.mark.usefixtures("empty_database")
PASSPHRASE = "3f2a-91bc-07de"


def do(system_database: Database, clock: FakeClock, folder: Path, passphrase: str = PASSPHRASE) -> object:
    return plant(system_database, clock, folder=folder, machine_account="a.visitor", passphrase=passphrase)
