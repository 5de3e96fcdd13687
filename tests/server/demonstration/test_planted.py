"""What was planted is remembered in the database itself, whole or not at all."""

from uuid import uuid4

from server.demonstration.plant import Planted
from server.demonstration.planted import recall, remember
from server.kit.db import Database


def test_nothing_is_recalled_before_anything_was_planted(
    empty_database: None, system_database: Database
) -> None:
    assert recall(system_database) is None


def test_it_is_recalled_as_it_was(empty_database: None, system_database: Database) -> None:
    planted = Planted(uuid4(), {"org-primary": uuid4()}, {"dsl@demo.example": uuid4()})
    remember(system_database, planted)
    assert recall(system_database) == planted
