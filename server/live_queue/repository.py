"""Every query of the live queue: what goes into its statements and what comes out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause
from sqlalchemy.orm import Session

from server.access.scope import Actor
from server.kit.db import WriteSession
from server.live_queue.domain import ReviewState, Standing
from server.live_queue.statements import (
    CLAIM_ANY,
    CLAIM_BEST,
    CLAIM_ONE,
    COUNT,
    DECIDE,
    EARLIER,
    EXPIRE,
    EXTEND,
    HELD,
    LIST,
    RELEASE,
    STANDING,
)

CANDIDATES_PER_TRUST = 8
LISTED = 200
COUNTED = 10_000
"""Counts stop here: nobody needs to know whether 10,000 or 12,000 wait, and counting must stay cheap."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An event that changed its state, and whose it is."""

    event_id: UUID
    trust_id: UUID
    academy_id: UUID


@dataclass(frozen=True, slots=True)
class Taken:
    """What a claim got."""

    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    claim_token: UUID
    claim_expires_at: datetime


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One line of the queue as a moderator sees it: no text, no name, no school."""

    event_id: UUID
    received_at: datetime
    due_at: datetime
    state: str
    claimed_by_me: bool
    theme: str
    severity: int
    probability: float
    age_band: str
    application: str


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """The readable half of an event that this moderator holds."""

    event_id: UUID
    trust_id: UUID
    academy_id: UUID
    received_at: datetime
    due_at: datetime
    claim_expires_at: datetime
    student_id: UUID | None
    student_pseudonym: str
    age_band: str
    occurred_at: datetime
    theme: str
    severity: int
    probability: float
    reasons: Sequence[str]
    has_screenshot: bool
    screenshot_arrived: bool


def take_best(session: WriteSession, actor: Actor, *, now: datetime, expires_at: datetime) -> Taken | None:
    """Claim the most urgent event nobody holds; None if nothing waits."""
    values = {**_mine(actor), "now": now, "expires_at": expires_at}
    return _taken(session, CLAIM_BEST, {**values, "candidates": CANDIDATES_PER_TRUST}) or _taken(
        session, CLAIM_ANY, values
    )


def take_one(
    session: WriteSession, actor: Actor, event_id: UUID, *, now: datetime, expires_at: datetime
) -> Taken | None:
    """Claim this very event; None if somebody else holds it or it has been decided."""
    return _taken(
        session, CLAIM_ONE, {**_mine(actor), "event_id": event_id, "now": now, "expires_at": expires_at}
    )


def extend(
    session: WriteSession, actor: Actor, event_id: UUID, *, token: UUID, expires_at: datetime
) -> datetime | None:
    """Move the end of a claim; None if the token does not hold any more."""
    values = {"me": actor.staff_id, "event_id": event_id, "token": token, "expires_at": expires_at}
    found: datetime | None = session.execute(EXTEND, values).scalar_one_or_none()
    return found


def put_back(session: WriteSession, actor: Actor, event_id: UUID, *, token: UUID) -> Moved | None:
    """Hand a claimed event back; None if the token does not hold any more."""
    return _moved(session, RELEASE, {"me": actor.staff_id, "event_id": event_id, "token": token})


def put_back_ended(session: WriteSession, *, now: datetime, limit: int = 500) -> list[Moved]:
    """Hand back everything whose lease has ended, as far as the session's scope reaches."""
    return [Moved(**row) for row in session.execute(EXPIRE, {"now": now, "limit": limit}).mappings()]


def decide(
    session: WriteSession, actor: Actor, event_id: UUID, *, token: UUID, state: ReviewState, now: datetime
) -> Moved | None:
    """Close a claimed event as graded or dismissed; None if the token does not hold any more."""
    values = {"me": actor.staff_id, "event_id": event_id, "token": token, "state": state.value, "now": now}
    return _moved(session, DECIDE, values)


def standing_of(session: Session, actor: Actor, event_id: UUID) -> Standing | None:
    """How the event stands; None if it is not in this moderator's queue."""
    row = session.execute(STANDING, {**_mine(actor), "event_id": event_id}).one_or_none()
    if row is None:
        return None
    return Standing(ReviewState(row.state), row.claimed_by == actor.staff_id, row.claim_expires_at)


def list_queue(session: Session, actor: Actor) -> list[QueueLine]:
    """The first lines in the order of claiming, what is held among them."""
    rows = session.execute(LIST, {**_mine(actor), "listed": LISTED}).mappings()
    return [QueueLine(**row) for row in rows]


def count_queue(session: Session, actor: Actor, state: ReviewState) -> int:
    """How many stand in ``state``, at most COUNTED."""
    values = {"trusts": _trusts(actor), "state": state.value, "counted": COUNTED}
    return int(session.execute(COUNT, values).scalar_one())


def find_held(session: Session, actor: Actor, event_id: UUID) -> HeldEvent | None:
    """The event, if this moderator holds it now."""
    row = session.execute(HELD, {**_mine(actor), "event_id": event_id}).mappings().one_or_none()
    return HeldEvent(**row) if row else None


def count_earlier(
    session: Session, event_id: UUID, *, student_id: UUID, since: datetime, until: datetime
) -> int:
    """How many other events the same student has in a span of time, as far as the scope reaches."""
    values = {"event_id": event_id, "student_id": student_id, "since": since, "until": until}
    return int(session.execute(EARLIER, values).scalar_one())


def _mine(actor: Actor) -> dict[str, Any]:
    return {"me": actor.staff_id, "trusts": _trusts(actor)}


def _trusts(actor: Actor) -> list[UUID]:
    ids: Iterable[UUID] = actor.review_trusts
    return sorted(ids)


def _taken(session: WriteSession, statement: TextClause, values: Mapping[str, Any]) -> Taken | None:
    row = session.execute(statement, values).mappings().one_or_none()
    return Taken(**row) if row else None


def _moved(session: WriteSession, statement: TextClause, values: Mapping[str, Any]) -> Moved | None:
    row = session.execute(statement, values).mappings().one_or_none()
    return Moved(**row) if row else None
