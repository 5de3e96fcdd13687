"""Fills every table of the schema with one row that belongs to one academy, whatever tables there are.

Foreign keys are not checked while it writes, so that no order has to be known; check constraints are.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

from server.kit.database_urls import for_libpq

MOMENT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
# Where a check constraint allows only certain words.
WORDS: dict[tuple[str, str], Any] = {
    ("academy", "phase"): "secondary",
    ("appointment", "role"): "dsl",
    ("audit_entry", "actor_kind"): "staff",
    ("review_item", "state"): "queued",
    ("review_item", "claim_token"): None,
    ("review_item", "decided_at"): None,
    ("alert", "state"): "raised",
    ("alert", "dismissal_reason"): None,
    ("notice", "channel"): "email",
    ("notice", "kind"): "alert",
    ("notice", "state"): "pending",
    ("acknowledgement", "via"): "page",
    ("concern_entry", "kind"): "action_done",
    ("referral", "agency"): "police",
    ("referral", "consent"): "obtained",
    ("outcome", "decision"): "accepted",
    ("record_key", "destroyed_at"): None,
    ("event", "severity"): 4,
    ("grade", "severity"): 4,
    ("enrolment_token", "max_uses"): 1,
    ("enrolment_token", "uses"): 0,
    ("student_account", "account"): "a.student",
}
# Which table an id column points at, where its name does not say so.
POINTS_AT = {
    "moderator_id": "staff",
    "owner_id": "staff",
    "actor_id": "staff",
    "key_id": "record_key",
    "subject_id": "event",
}
PEOPLE = ("_by",)


@dataclass(frozen=True, slots=True)
class Filled:
    """One row in every table; the id of each by table."""

    ids: dict[str, UUID]
    tables: tuple[str, ...]


def fill_every_table(owner_url: str) -> Filled:
    """A new trust with exactly one row in every table."""
    with psycopg.connect(for_libpq(owner_url)) as connection:
        columns = _columns(connection)
        ids = {table: uuid4() for table in columns}
        connection.execute("SET session_replication_role = replica")
        for table, types in columns.items():
            row = {name: _value(table, name, kind, ids) for name, kind in types.items()}
            names = ", ".join(f'"{name}"' for name in row)
            places = ", ".join(["%s"] * len(row))
            connection.execute(
                f'INSERT INTO "{table}" ({names}) VALUES ({places})'.encode(), list(row.values())
            )
    return Filled(ids, tuple(columns))


def all_tables(owner_url: str) -> tuple[str, ...]:
    """Every table of ours."""
    with psycopg.connect(for_libpq(owner_url)) as connection:
        return tuple(_columns(connection))


def _columns(connection: psycopg.Connection[Any]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table, name, kind in connection.execute(
        "SELECT table_name, column_name, udt_name FROM information_schema.columns c"
        " JOIN pg_tables t ON t.schemaname = c.table_schema AND t.tablename = c.table_name"
        " WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
        " AND is_identity = 'NO' AND is_generated = 'NEVER' AND udt_name <> 'xid8'"
        " ORDER BY table_name, ordinal_position"
    ):
        found.setdefault(table, {})[name] = kind
    return found


def _value(table: str, name: str, kind: str, ids: dict[str, UUID]) -> Any:
    if (table, name) in WORDS:
        return WORDS[table, name]
    if kind == "uuid":
        return _id(table, name, ids)
    by_kind: dict[str, Any] = {
        "text": f"{table}.{name}.{ids[table]}",
        "bytea": ids[table].bytes,
        "timestamptz": MOMENT,
        "date": date(2026, 11, 16),
        "int2": 1,
        "int4": 1,
        "int8": 1,
        "float4": 0.5,
        "bool": True,
        "jsonb": Jsonb({}),
        "_text": [],
    }
    return by_kind[kind]


def _id(table: str, name: str, ids: dict[str, UUID]) -> UUID:
    if name == "id":
        return ids[table]
    if name.endswith(PEOPLE):
        return ids["staff"]
    target = POINTS_AT.get(name, name.removesuffix("_id"))
    return ids.get(target) or uuid4()
