"""Three weeks of invented history, so that no board is empty: the stories walked through every room's verbs.

Only the clock is ours. Events enter by ingest's own statement, people claim, grade, acknowledge and record
by the verbs behind their pages; afterwards the outbox is marked as handed over, so that nobody is told
today of what was invented three weeks ago.
"""

import asyncio
import getpass
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import text

from server.access.scope import Actor, load_actor
from server.demonstration.plant import PLAYERS, Planted
from server.demonstration.roster import SEED
from server.demonstration.stories import STORIES, Story
from server.demonstration.walk import Cast, walk
from server.enrolment.domain import ENROL_DOMAIN, Sender
from server.enrolment.enrol_device import EnrolCommand, enrol_device
from server.enrolment.issue_enrolment_token import issue_enrolment_token
from server.evidence.domain import event_aad
from server.ingest.domain import OpenedItem
from server.ingest.repository import find_students, insert_events
from server.kit.clock import Clock
from server.kit.db import Database
from server.kit.sealing import Keyring, encrypt
from server.metrics.rebuild import rebuild
from server.organisation.domain import Role
from shared.event import ContextPassage, EventBody, EventHeader
from shared.ids import AcademyId, DeviceId, TrustId, uuid7
from shared.wire import encode_body

EVENTS = 132
DAYS = 21
WAITING = 4
"""Further events that have just come in and that nobody has reviewed: the queue is not empty either."""
LONDON = ZoneInfo("Europe/London")
PACK = "invented"
# How many of the stories each academy gets: larger and older schools type more.
SHARE = {"org-primary": 2, "org-secondary": 6, "org-sixth": 3}


@dataclass(frozen=True, slots=True)
class Occasion:
    """One story told on one day at one academy by one invented student."""

    event_id: UUID
    story: Story
    org_id: str
    account: str
    received_at: datetime


def plant_history(
    database: Database,
    clock: Clock,
    *,
    system_url: str,
    keyring: Keyring,
    planted: Planted,
    progress: Callable[[int, int], None],
) -> int:
    """Invent it all; returns how many events. ``system_url`` is the system role's address for asyncpg.

    ``progress`` is told (done, of how many) after each event.
    """
    dice = Random(SEED)  # noqa: S311 - an invented past, not a secret
    occasions = _occasions(database, dice, planted, now=clock.now())
    senders = _devices(database, clock, planted)
    asyncio.run(_receive(system_url, keyring, occasions, senders))
    casts = _casts(database, planted, today=clock.now().date())
    for done, occasion in enumerate(occasions[:-WAITING], start=1):
        walk(database, keyring, dice, casts[occasion.org_id], occasion, until=clock.now())
        progress(done, len(occasions) - WAITING)
    with database.write() as session:
        session.execute(text("UPDATE outbox SET dispatched_at = announced_at WHERE dispatched_at IS NULL"))
        rebuild(session)
    return len(occasions)


def _occasions(database: Database, dice: Random, planted: Planted, *, now: datetime) -> list[Occasion]:
    """Stories spread over the school hours of the last three weeks, oldest first."""
    accounts = _accounts(database, planted)
    orgs = [org for org, share in SHARE.items() for _ in range(share)]
    found: list[Occasion] = []
    while len(found) < EVENTS:
        day = (now - timedelta(days=dice.randint(1, DAYS))).astimezone(LONDON)
        if day.weekday() >= 5:
            continue
        moment = day.replace(hour=dice.randint(9, 15), minute=dice.randint(0, 59), second=dice.randint(0, 59))
        received_at = moment.astimezone(UTC)
        org = dice.choice(orgs)
        event_id = uuid7(int(received_at.timestamp() * 1000), dice.randbytes(10))
        found.append(Occasion(event_id, dice.choice(STORIES), org, dice.choice(accounts[org]), received_at))
    for place, story in enumerate(dice.sample([one for one in STORIES if one.severity < 4], WAITING)):
        org = dice.choice(orgs)
        received_at = now - timedelta(seconds=20 + 35 * place)
        event_id = uuid7(int(received_at.timestamp() * 1000), dice.randbytes(10))
        found.append(Occasion(event_id, story, org, dice.choice(accounts[org]), received_at))
    return sorted(found, key=lambda one: one.received_at)


def _accounts(database: Database, planted: Planted) -> dict[str, list[str]]:
    """The account names of each academy, but for this machine's own: its record starts empty."""
    statement = text(
        "SELECT account FROM student_account WHERE academy_id = :id AND account <> :own ORDER BY account"
    )
    own = getpass.getuser().lower()
    with database.read() as session:
        return {
            org: list(session.execute(statement, {"id": academy_id, "own": own}).scalars())
            for org, academy_id in planted.academies.items()
        }


def _devices(database: Database, clock: Clock, planted: Planted) -> dict[str, Sender]:
    """One device for each academy, admitted as any other is; its key is forgotten at once."""
    senders = {}
    for org, academy_id in planted.academies.items():
        key = Ed25519PrivateKey.generate()
        public_key = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        with database.write() as session:
            token = issue_enrolment_token(session, clock, academy_id=academy_id)
            command = EnrolCommand(
                token=token,
                public_key=public_key,
                proof=key.sign(ENROL_DOMAIN + token.encode()),
                platform="linux",
                agent_version=PACK,
            )
            device_id = enrol_device(session, clock, command).device_id
        senders[org] = Sender(
            DeviceId(device_id), AcademyId(academy_id), TrustId(planted.trust_id), public_key
        )
    return senders


async def _receive(
    system_url: str, keyring: Keyring, occasions: list[Occasion], senders: Mapping[str, Sender]
) -> None:
    link = await asyncpg.connect(system_url)
    try:
        async with link.transaction():
            for occasion in occasions:
                item = _item(keyring, occasion, senders[occasion.org_id])
                students = await find_students(link, [item])
                await insert_events(link, [item], students, occasion.received_at)
    finally:
        await link.close()


def _item(keyring: Keyring, occasion: Occasion, sender: Sender) -> OpenedItem:
    story, typed_at = occasion.story, occasion.received_at - timedelta(seconds=2)
    header = EventHeader(
        id=occasion.event_id,
        occurred_at=typed_at,
        theme=story.theme,
        severity=story.severity,
        probability=0.9,
        pack_version=PACK,
        reasons=("invented history",),
    )
    body = EventBody(
        passage=story.passage,
        deleted_text="",
        application=story.application,
        window_title="Invented history",
        account=occasion.account,
        context=tuple(
            ContextPassage(line, typed_at - timedelta(minutes=3 * (len(story.context) - place)))
            for place, line in enumerate(story.context)
        ),
    )
    key = keyring.new_data_key()
    return OpenedItem(
        sender=sender,
        header=header,
        occurred_at=typed_at,
        reasons=header.reasons,
        application=story.application,
        accounts=(occasion.account,),
        key_id=key.id,
        wrapped=key.wrapped,
        body=encrypt(key.key, encode_body(body), event_aad(header.id)),
        signature=b"",
    )


def _casts(database: Database, planted: Planted, *, today: date) -> dict[str, Cast]:
    """Who plays which part at each academy."""
    actors: dict[str, Actor] = {}
    with database.read() as session:
        for player in PLAYERS:
            actor = load_actor(session, planted.staff[player.email], today)
            if actor is None:
                raise LookupError(f"{player.email} was not planted")
            actors[player.email] = actor
    moderators = tuple(actors[one.email] for one in PLAYERS if one.role is Role.MODERATOR)
    return {
        org: Cast(
            moderators=moderators,
            dsl=next(actors[p.email] for p in PLAYERS if p.role is Role.DSL and p.org_id == org),
            deputy=next(actors[p.email] for p in PLAYERS if p.role is Role.DEPUTY_DSL and p.org_id == org),
        )
        for org in planted.academies
    }
