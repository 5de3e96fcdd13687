"""Writes what one Message says into the read model of response times.

Messages may come late, twice or in any order: each sets only its own columns, and of a time that can
come more than once the first counts (of a closing and a reopening, the last).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from server.kit.db import WriteSession
from server.metrics.domain import ALERT_MAY_HAVE_CHANGED, LATEST_COUNTS, TIMES_OF
from server.metrics.repository import find_alert_words, find_announced, find_grade_words
from server.metrics.tables import ResponseTimeRow


def project(session: WriteSession, seq: int) -> bool:
    """Project the outbox row ``seq``; False when it says nothing the board counts, or is gone."""
    announced = find_announced(session, seq)
    if announced is None:
        return False
    return project_message(session, announced.name, announced.payload)


def project_message(session: WriteSession, name: str, payload: Mapping[str, Any]) -> bool:
    """Project a Message given as its name and JSON payload; False when there is nothing to count.

    A Concern that staff wrote has no Event and therefore no response time.
    """
    columns = TIMES_OF.get(name)
    if columns is None or payload.get("event_id") is None:
        return False
    values: dict[str, Any] = {
        column: datetime.fromisoformat(payload[field])
        for field, column in columns.items()
        if payload.get(field) is not None
    }
    _merge(session, payload, values, _stated(session, name, UUID(payload["event_id"])))
    return True


def _stated(session: WriteSession, name: str, event_id: UUID) -> dict[str, Any]:
    """What another room's table says now, which counts for more than what any Message said before."""
    if name == "EventGraded":
        return find_grade_words(session, event_id)
    return find_alert_words(session, event_id) if name in ALERT_MAY_HAVE_CHANGED else {}


def _merge(
    session: WriteSession, payload: Mapping[str, Any], said: Mapping[str, Any], stated: Mapping[str, Any]
) -> None:
    values = {**said, **stated}
    statement = insert(ResponseTimeRow).values(
        event_id=UUID(payload["event_id"]),
        trust_id=UUID(payload["trust_id"]),
        academy_id=UUID(payload["academy_id"]),
        **values,
    )
    if not values:
        session.execute(statement.on_conflict_do_nothing(index_elements=["event_id"]))
        return
    table = ResponseTimeRow.__table__.c
    merged = {column: _pick(column, table[column], statement.excluded[column]) for column in said} | {
        column: statement.excluded[column] for column in stated
    }
    session.execute(statement.on_conflict_do_update(index_elements=["event_id"], set_=merged))


def _pick(column: str, old: Any, new: Any) -> Any:
    # PostgreSQL's least and greatest pass over NULL, so the first value to arrive fills the column.
    return func.greatest(old, new) if column in LATEST_COUNTS else func.least(old, new)
