"""Every table of the migrated database has a retention rule, and no rule is for a table that is gone."""

from datetime import timedelta

from sqlalchemy import create_engine, text

from server.retention.rules import RULES, RetentionClass, Way


def test_every_table_has_a_rule_and_every_rule_a_table(owner_url: str) -> None:
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        tables = set(
            connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        )
    engine.dispose()
    assert tables == set(RULES)


def test_only_technical_rows_are_purged_by_time_alone() -> None:
    timed = {table: rule for table, rule in RULES.items() if rule.keep is not None}
    assert {rule.retention_class for rule in timed.values()} == {RetentionClass.TECHNICAL}
    assert all(rule.keep >= timedelta(0) for rule in timed.values() if rule.keep is not None)


def test_nothing_of_a_students_record_goes_without_a_person() -> None:
    file = [rule for rule in RULES.values() if rule.retention_class is RetentionClass.CHILD_PROTECTION_FILE]
    assert len(file) == 5
    assert {rule.way for rule in file} == {Way.REVIEWED}


def test_every_rule_says_how_long_and_why() -> None:
    assert all(rule.default.strip() and rule.basis.strip() for rule in RULES.values())
