"""The database itself keeps people apart, whatever the code above it forgets. Held against every table."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from server.kit.database_urls import for_libpq
from server.kit.db import BROKER_ROLE, Database
from server.kit.roles import role_url
from tests.kit.every_table import Filled, all_tables, fill_every_table
from tests.kit.postgres import MASTER_KEY

NOBODY: dict[str, str] = {}
# What each kind of reach shows of one academy's single rows. Everything else stays dark.
REVIEWED = {"trust", "event", "evidence", "record_key", "review_item", "grade", "dismissal"}
RECORDED = {
    "trust", "academy", "appointment", "staff", "student", "attendance_summary", "behaviour_entry", "alert",
    "event", "evidence", "record_key", "grade", "notice", "acknowledgement", "concern", "action",
    "concern_entry", "referral", "outcome",
}  # fmt: skip
COUNTED = {"trust", "academy", "response_time"}
HISTORY = {
    "audit_entry", "event", "grade", "dismissal", "acknowledgement", "concern", "action", "concern_entry",
    "referral", "outcome",
}  # fmt: skip


@pytest.fixture(scope="module")
def ours(owner_url: str) -> Filled:
    return fill_every_table(owner_url)


@pytest.fixture(scope="module")
def theirs(owner_url: str) -> Filled:
    return fill_every_table(owner_url)


def _scope(filled: Filled, **reach: str) -> dict[str, str]:
    scope = {"app.actor_id": str(filled.ids["staff"])}
    return scope | {f"app.{name}": str(filled.ids[table]) for name, table in reach.items()}


def _reviewing(filled: Filled) -> dict[str, str]:
    return _scope(filled, review_trusts="trust")


def _recording(filled: Filled) -> dict[str, str]:
    return _scope(filled, record_academies="academy")


def _counting(filled: Filled) -> dict[str, str]:
    return _scope(filled, board_academies="academy")


def _visible(database: Database, table: str, scope: dict[str, str], filled: Filled) -> int:
    """How many rows of ``filled`` the role that serves people sees; no right to look counts as none."""
    owned = " OR ".join(f"t::text LIKE '%{one}%'" for one in {filled.ids[table], filled.ids["academy"]})
    owned += "".join(f" OR t::text LIKE '%{filled.ids[one]}%'" for one in ("event", "student", "staff"))
    try:
        with database.read(scope) as session:
            return int(session.execute(text(f'SELECT count(*) FROM "{table}" t WHERE {owned}')).scalar_one())
    except ProgrammingError as error:
        if "permission denied" not in str(error):
            raise
        return 0


def test_every_table_has_it_switched_on(owner_url: str) -> None:
    with psycopg.connect(for_libpq(owner_url)) as connection:
        without = connection.execute(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND relkind IN ('r', 'p') AND NOT relrowsecurity"
            " AND relname <> 'alembic_version'"
        ).fetchall()
    assert without == []


def test_without_a_scope_every_table_is_empty(database: Database, ours: Filled) -> None:
    assert {table: _visible(database, table, NOBODY, ours) for table in ours.tables} == dict.fromkeys(
        ours.tables, 0
    )


@pytest.mark.parametrize("reach", [_reviewing, _recording, _counting])
def test_a_foreign_scope_shows_nothing_of_ours(
    database: Database, ours: Filled, theirs: Filled, reach: object
) -> None:
    scope = reach(theirs)  # type: ignore[operator]
    seen = {table for table in ours.tables if _visible(database, table, scope, ours)}
    assert seen == set()


def test_every_reach_together_in_a_foreign_trust_shows_nothing_of_ours(
    database: Database, ours: Filled, theirs: Filled
) -> None:
    scope = _reviewing(theirs) | _recording(theirs) | _counting(theirs)
    assert {table for table in ours.tables if _visible(database, table, scope, ours)} == set()


@pytest.mark.parametrize(
    ("reach", "expected"), [(_reviewing, REVIEWED), (_recording, RECORDED), (_counting, COUNTED)]
)
def test_each_reach_shows_exactly_its_tables(
    database: Database, ours: Filled, reach: object, expected: set[str]
) -> None:
    scope = reach(ours)  # type: ignore[operator]
    # Oneself and one's own appointments are always visible to oneself.
    seen = {table for table in ours.tables if _visible(database, table, scope, ours)}
    assert seen == expected | {"staff", "appointment"}


@pytest.mark.parametrize(
    "setting", ["not a uuid", "'; DROP TABLE event; --", "00000000-0000-0000-0000-00000000000"]
)
def test_a_damaged_scope_is_an_error_and_not_an_open_door(
    database: Database, ours: Filled, setting: str
) -> None:
    with (
        pytest.raises(DBAPIError),
        database.read({"app.review_trusts": setting}) as session,
    ):
        session.execute(text("SELECT count(*) FROM event")).scalar_one()


def test_a_scope_ends_with_its_transaction(database: Database, ours: Filled) -> None:
    assert _visible(database, "event", _reviewing(ours), ours) == 1
    for _ in range(8):
        assert _visible(database, "event", NOBODY, ours) == 0


def test_nobody_changes_a_foreign_row(database: Database, ours: Filled, theirs: Filled) -> None:
    for table, scope in (("alert", _recording(theirs)), ("review_item", _reviewing(theirs))):
        with database.write(scope) as session:
            changed = session.execute(text(f"UPDATE {table} SET state = state"))
            assert changed.rowcount == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("table", sorted(HISTORY))
@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET academy_id = academy_id"]
)
def test_history_cannot_be_changed_by_anybody_who_logs_in(
    database: Database, system_database: Database, table: str, statement: str
) -> None:
    for pool in (database, system_database):
        with pytest.raises(ProgrammingError, match="permission denied"), pool.write() as session:
            session.execute(text(statement.format(table)))


def test_nobody_signs_with_another_s_name(database: Database, ours: Filled, theirs: Filled) -> None:
    scope = _reviewing(ours) | _recording(ours) | {"app.actor_id": str(ours.ids["staff"])}
    stranger = theirs.ids["staff"]
    statements = (
        f"INSERT INTO audit_entry (actor_kind, actor_id, verb, subject_kind) VALUES ('staff', '{stranger}', 'v', 's')",
        "INSERT INTO audit_entry (actor_kind, verb, subject_kind) VALUES ('system', 'v', 's')",
        "INSERT INTO dismissal (id, event_id, trust_id, academy_id, moderator_id, reason, dismissed_at)"
        f" VALUES (gen_random_uuid(), '{ours.ids['event']}', '{ours.ids['trust']}', '{ours.ids['academy']}',"
        f" '{stranger}', 'r', now())",
    )
    for statement in statements:
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            database.write(scope) as session,
        ):
            session.execute(text(statement))


@pytest.fixture
def broker(owner_url: str) -> Iterator[psycopg.Connection[object]]:
    url = for_libpq(role_url(owner_url, MASTER_KEY, BROKER_ROLE))
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def test_the_broker_s_role_can_read_no_table_of_ours(
    broker: psycopg.Connection[object], owner_url: str
) -> None:
    for table in all_tables(owner_url):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            broker.execute(f'SELECT 1 FROM public."{table}"'.encode())


def test_no_login_role_is_more_than_a_role(owner_url: str) -> None:
    with psycopg.connect(for_libpq(owner_url)) as connection:
        found = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'lantern%' AND rolname <> current_user"
            " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
        ).fetchall()
    assert found == []
