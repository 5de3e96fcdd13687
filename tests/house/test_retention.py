"""Every table says how long it keeps its rows, and no rule speaks of a table that is gone."""

from server.retention.rules import RULES
from tests.house.test_migrations import tables

MADE_BY_ALEMBIC = {"alembic_version"}
"""Where the migrations' own number is kept."""


def test_every_table_has_a_rule() -> None:
    """A table without a rule would keep its rows for ever, unnoticed."""
    assert not tables() - RULES.keys()


def test_every_rule_has_a_table() -> None:
    """A rule for nothing hides a renamed table."""
    assert not RULES.keys() - tables() - MADE_BY_ALEMBIC


def test_every_rule_says_why() -> None:
    """A period without a ground is a guess."""
    assert not [table for table, rule in RULES.items() if not rule.basis or not rule.default]
