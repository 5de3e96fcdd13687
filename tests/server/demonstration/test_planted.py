"""What was planted is remembered in the database, once, and recalled the same."""

from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from server.demonstration.plant import Planted
from server.demonstration.planted import recall, remember
from server.kit.db import Database

pytestmark = pytest.mark.usefixtures("empty_database")


def some_planted() -> Planted:
    return Planted(uuid4(), {"org-primary": uuid4()}, {"dsl@demo.example": uuid4()})


def test_nothing_is_recalled_before_anything_was_planted(system_database: Database) -> None:
    assert recall(system_database) is None


def test_every_start_recalls_the_same(system_database: Database) -> None:
    planted = some_planted()
    remember(system_database, planted)
    assert recall(system_database) == planted
    assert recall(system_database) == planted


def test_a_second_planting_is_never_remembered_over_the_first(system_database: Database) -> None:
    first = some_planted()
    remember(system_database, first)
    with pytest.raises(IntegrityError):
        remember(system_database, some_planted())
    assert recall(system_database) == first
