"""B9: what a claim reads, however long the queue: 10,000 to 1,000,000 waiting beside 1,000,000 decided.

The product's own statement, as the role that serves people, under row-level security; the plan's buffers.
The bar is for a moderator of one trust. A claim looks once into each trust of its moderator, so more
trusts cost more: that figure stands beside it. Claims through HTTP beside a labelling tool are not
measured here.
"""

import json
import os
import statistics
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import Connection, create_engine, text

from bench.bar import Bar, Condition, Measurement
from bench.own_server import OwnDatabase, own_database
from server.kit.database_urls import for_libpq
from server.live_queue.repository import CANDIDATES_PER_TRUST
from server.live_queue.statements import CLAIM_BEST

SIZES = (10_000, 100_000, 1_000_000)
DONE = int(os.environ.get("LANTERN_BENCH_DONE", "1000000"))
TRUSTS = 40
CLAIMS = 15
LIMIT = 25
# Queue rows alone: neither the claim nor its plan looks at anything else. Spread over trusts and levels.
FILL = """
INSERT INTO review_item (event_id, trust_id, academy_id, state, band, sort_at, received_at, decided_at)
SELECT gen_random_uuid(), trusts[1 + (random() * (cardinality(trusts) - 1))::int], gen_random_uuid(), {state},
       CASE WHEN dice < 0.01 THEN 0 WHEN dice < 0.05 THEN 1 ELSE 2 END,
       at + interval '15 minutes', at, {decided}
FROM (SELECT random() AS dice, now() - random() * interval '3 days' AS at, %s::uuid[] AS trusts
      FROM generate_series(1, %s)) AS made
"""
OPEN = FILL.format(state="'queued'", decided="NULL::timestamptz")
DECIDED = FILL.format(state="'graded'", decided="at")


def measure() -> Measurement:
    """The worst size's median, for one trust; the same for all trusts beside it."""
    with own_database() as database:
        trusts = [uuid4() for _ in range(TRUSTS)]
        one: dict[int, float] = {}
        every: dict[int, float] = {}
        worst = 0
        filled = 0
        with psycopg.connect(for_libpq(database.owner_url), autocommit=True) as owner:
            owner.execute("SET session_replication_role = replica")
            owner.execute(DECIDED.encode(), (trusts, DONE))
            for size in SIZES:
                owner.execute(OPEN.encode(), (trusts, size - filled))
                owner.execute("VACUUM ANALYZE review_item")
                owner.execute("CHECKPOINT")
                filled = size
                alone, together = _claims(database, trusts[:1]), _claims(database, trusts)
                one[size], every[size] = statistics.median(alone), statistics.median(together)
                worst = max(worst, *alone)
    return Measurement(
        value=max(one.values()),
        n=2 * CLAIMS * len(SIZES),
        conditions=(
            Condition(
                "growth from the shortest queue to the longest", max(one.values()) - min(one.values()), 8
            ),
        ),
        details={
            "one_trust": one,
            "one_trust_worst_claim": worst,
            f"{TRUSTS}_trusts": every,
            "decided_beside": DONE,
            "claims_through_http_beside_a_labelling_tool": "not measured",
        },
    )


def _claims(database: OwnDatabase, trusts: Sequence[UUID]) -> list[int]:
    """Buffers of one claim after another, each committed."""
    engine = create_engine(database.app_url)
    me = uuid4()
    try:
        with engine.connect() as connection:
            found = [_claim(connection, trusts, me) for _ in range(CLAIMS + 2)]
    finally:
        engine.dispose()
    return found[2:]  # The first ones read the catalogue and set hints.


def _claim(connection: Connection, trusts: Sequence[UUID], me: UUID) -> int:
    with connection.begin():
        connection.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
        connection.execute(
            text(
                "SELECT set_config('app.review_trusts', :trusts, true), set_config('app.actor_id', :me, true)"
            ),
            {"trusts": ",".join(map(str, trusts)), "me": str(me)},
        )
        # No row of staff stands behind this moderator; what the foreign key reads is no part of the plan.
        explained = connection.execute(
            text("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + CLAIM_BEST.text),
            {
                "trusts": list(trusts),
                "me": None,
                "now": None,
                "expires_at": None,
                "candidates": CANDIDATES_PER_TRUST,
            },
        ).scalar_one()
    plan: dict[str, Any] = (json.loads(explained) if isinstance(explained, str) else explained)[0]["Plan"]
    if plan["Actual Rows"] != 1:
        raise RuntimeError("a claim got nothing")
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


BAR = Bar(
    id="B9",
    title="buffers of a claim by a moderator of one trust, the worst queue length's median",
    unit="buffers",
    limit=LIMIT,
    measure=measure,
)
