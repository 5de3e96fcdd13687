"""The SQL moves events exactly as the transition table says, and claiming costs the same however much waits."""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text

from server.access.scope import Actor
from server.kit.database_urls import for_libpq
from server.kit.db import Database, WriteSession
from server.kit.sealing import Keyring
from server.live_queue.domain import ReviewState, ReviewStep, after
from server.live_queue.repository import (
    CANDIDATES_PER_TRUST,
    decide,
    extend,
    put_back,
    put_back_ended,
    take_best,
    take_one,
)
from server.live_queue.statements import CLAIM_BEST
from server.organisation.domain import Role
from tests.kit.chain import make_moderator, rows
from tests.kit.clock import MONDAY
from tests.kit.live_queue import make_device, queue_event
from tests.kit.organisation import Trust, actor_for, appoint, make_academy, make_staff

LATER = MONDAY + timedelta(seconds=90)
BACKLOG = 4_000

Move = Callable[[WriteSession, Actor, UUID, UUID], object]
MOVES: dict[ReviewStep, Move] = {
    ReviewStep.CLAIM: lambda s, me, event, token: take_best(s, me, now=MONDAY, expires_at=LATER),
    ReviewStep.RECLAIM: lambda s, me, event, token: take_one(s, me, event, now=MONDAY, expires_at=LATER),
    ReviewStep.HEARTBEAT: lambda s, me, event, token: extend(s, me, event, token=token, expires_at=LATER),
    ReviewStep.RELEASE: lambda s, me, event, token: put_back(s, me, event, token=token),
    ReviewStep.EXPIRE: lambda s, me, event, token: put_back_ended(s, now=LATER),
    ReviewStep.GRADE: lambda s, me, event, token: decide(
        s, me, event, token=token, state=ReviewState.GRADED, now=MONDAY
    ),
    ReviewStep.DISMISS: lambda s, me, event, token: decide(
        s, me, event, token=token, state=ReviewState.DISMISSED, now=MONDAY
    ),
}


def _reach(session: WriteSession, me: Actor, event_id: UUID, state: ReviewState) -> UUID:
    """Bring a new event into ``state``; its last token."""
    if state is ReviewState.QUEUED:
        return uuid4()
    taken = take_one(session, me, event_id, now=MONDAY, expires_at=LATER)
    assert taken is not None
    if state is not ReviewState.CLAIMED:
        decide(session, me, event_id, token=taken.claim_token, state=state, now=MONDAY)
    return taken.claim_token


# Taking one event by its id is CLAIM while it waits and RECLAIM once it is held, in the same statement.
PAIRS = [
    pair for pair in product(ReviewState, ReviewStep) if pair != (ReviewState.QUEUED, ReviewStep.RECLAIM)
]


@pytest.mark.parametrize(("state", "step"), PAIRS)
def test_the_database_moves_as_the_table_says(
    database: Database, system_database: Database, keyring: Keyring, state: ReviewState, step: ReviewStep
) -> None:
    academy = make_academy(system_database)
    me = make_moderator(system_database, academy)
    event_id = queue_event(system_database, keyring, academy)
    with database.write(me.database_scope()) as session:
        token = _reach(session, me, event_id, state)
        MOVES[step](session, me, event_id, token)
    try:
        expected = after(state, step)
    except Exception:  # noqa: BLE001 - whatever the table refuses must change nothing
        expected = state
    found = rows(system_database, "SELECT state FROM review_item WHERE event_id = :id", id=event_id)
    assert found == [(expected.value,)]


def test_claiming_reads_no_more_when_thousands_wait_elsewhere(
    owner_url: str, database: Database, system_database: Database, keyring: Keyring
) -> None:
    flooded = make_academy(system_database)
    device = make_device(system_database, flooded)
    quiet = [make_academy(system_database) for _ in range(9)]
    staff = make_staff(system_database, Role.MODERATOR, trust=Trust(flooded.trust_id, ""))
    for academy in quiet:
        appoint(system_database, staff, Role.MODERATOR, trust=Trust(academy.trust_id, ""))
        queue_event(system_database, keyring, academy)
    me = actor_for(system_database, staff)
    narrow = Actor(me.staff_id, me.display_name, me.appointments[1:])
    before = _buffers(database, me, is_small=True), _buffers(database, narrow, is_small=True)
    with psycopg.connect(for_libpq(owner_url), autocommit=True) as owner:
        _flood(owner, device)
        owner.execute("ANALYZE review_item")
    with_flood = _buffers(database, me), _buffers(database, narrow)
    # A few more levels of the index, a few more heads of a long list; nothing that grows with the backlog.
    assert with_flood[0] < before[0] + 60
    assert with_flood[1] < before[1] + 40


def _flood(owner: "psycopg.Connection[Any]", device: UUID) -> None:
    owner.execute(
        """
WITH source AS (SELECT d.*, (SELECT id FROM record_key LIMIT 1) AS key_id FROM device AS d WHERE d.id = %s),
made AS (
  INSERT INTO event (id, device_id, academy_id, trust_id, age_band, occurred_at, theme, severity, probability,
    pack_version, application, schema_version, key_id, body, signature)
  SELECT gen_random_uuid(), s.id, s.academy_id, s.trust_id, '11-16', now(), 'T05', 4, 0.5, '1', 'app', 1,
    s.key_id, '', '' FROM source AS s, generate_series(1, %s) RETURNING id, trust_id, academy_id)
INSERT INTO review_item (event_id, trust_id, academy_id, band, sort_at, received_at)
SELECT id, trust_id, academy_id, 0, '2020-01-01'::timestamptz + random() * interval '1 day', now() FROM made
""",
        (device, BACKLOG),
    )


def _buffers(database: Database, me: Actor, *, is_small: bool = False) -> int:
    """Pages that one claim touches; the claim is undone. A queue of a few rows may be read as a whole."""
    values = {
        "me": me.staff_id,
        "trusts": sorted(me.review_trusts),
        "now": MONDAY,
        "expires_at": LATER,
        "candidates": CANDIDATES_PER_TRUST,
    }
    statement = text("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + CLAIM_BEST.text)
    with database.write(me.database_scope()) as session:
        plan: Any = session.execute(statement, values).scalar_one()
        session.rollback()
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    assert is_small or "Seq Scan" not in json.dumps(top), "a claim must never read the whole queue"
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
