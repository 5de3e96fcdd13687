"""An academy to enrol at."""

import pytest

from server.kit.db import Database
from tests.kit.organisation import Academy, make_academy


@pytest.fixture
def academy(system_database: Database) -> Academy:
    return make_academy(system_database)
