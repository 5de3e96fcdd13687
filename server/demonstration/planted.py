"""Remembers, in the database itself, that the demonstration was planted and under which ids."""

import json
from uuid import UUID

from sqlalchemy import text

from server.demonstration.plant import Planted
from server.kit.db import Database

KEY = "planted"


def remember(database: Database, planted: Planted) -> None:
    """Written last: a start that was cut off before plants again, it never half believes."""
    value = {
        "trust_id": str(planted.trust_id),
        "academies": {key: str(one) for key, one in planted.academies.items()},
        "staff": {key: str(one) for key, one in planted.staff.items()},
    }
    with database.write() as session:
        session.execute(
            text("INSERT INTO demonstration (key, value) VALUES (:key, CAST(:value AS jsonb))"),
            {"key": KEY, "value": json.dumps(value)},
        )


def recall(database: Database) -> Planted | None:
    """What an earlier start planted, or None."""
    with database.read() as session:
        value = session.execute(
            text("SELECT value FROM demonstration WHERE key = :key"), {"key": KEY}
        ).scalar()
    if value is None:
        return None
    return Planted(
        UUID(value["trust_id"]),
        {key: UUID(one) for key, one in value["academies"].items()},
        {key: UUID(one) for key, one in value["staff"].items()},
    )
