"""Receives a device's frames: whoever sends is known, every event becomes durable once, then the ack.

Both carriers, websocket and HTTPS, come through here, so an event that arrives by both is stored once.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from uuid import UUID

import asyncpg

from server.enrolment.access_token import AccessTokens
from server.enrolment.domain import DeviceRefusedError, Sender
from server.ingest.domain import HEARTBEAT_S, Beat, DeadLetter, OpenedItem, Refusal, UnavailableError
from server.ingest.group_commit import GroupCommit
from server.ingest.open_item import RefusedItemError, open_item
from server.ingest.repository import find_sender
from server.ingest.store import Store, Stored, Thing
from server.ingest.unpack import Parcel, unpack
from server.kit.clock import Clock
from server.kit.db import STATEMENT_TIMEOUT_MS
from server.kit.sealing import Keyring
from shared.device_policy import DevicePolicy
from shared.wire import PROTOCOL_VERSION, AckFrame, ItemResult, Result, WelcomeFrame

# One connection writes; the others look devices up beside it.
POOL_SIZE = 4
CONNECTION_TROUBLE = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


class Receiver:
    """What both carriers hand raw frames to."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", keyring: Keyring, clock: Clock) -> None:
        self._pool, self._keyring, self._clock = pool, keyring, clock
        self._tokens = AccessTokens(keyring)
        self.writer: GroupCommit[Thing, Stored] = GroupCommit(Store(pool, clock).commit)

    async def authenticate(self, authorization: str | None) -> Sender:
        """The device behind an ``Authorization`` header. DeviceRefusedError, or UnavailableError."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            raise DeviceRefusedError
        device_id = self._tokens.read(token.strip(), self._clock.now())
        try:
            async with self._pool.acquire() as link:
                sender = await find_sender(link, device_id)
        except CONNECTION_TROUBLE as error:
            raise UnavailableError from error
        if sender is None:
            raise DeviceRefusedError
        return sender

    def welcome(self) -> WelcomeFrame:
        """What a device is told when it is heard."""
        policy = asdict(DevicePolicy())
        return WelcomeFrame(PROTOCOL_VERSION, self._clock.now(), HEARTBEAT_S, policy)

    async def receive(self, raw: bytes, sender: Sender) -> AckFrame | WelcomeFrame:
        """The answer to one frame, after COMMIT. Raises the KnownErrors of ``unpack``, and UnavailableError."""
        frame = unpack(raw, sender)
        if not isinstance(frame, Parcel):
            await self._commit([Beat(sender, frame)])
            return self.welcome()
        return await self._receive_parcel(frame, sender)

    async def _receive_parcel(self, parcel: Parcel, sender: Sender) -> AckFrame:
        refused = dict(parcel.refused)
        opened: list[OpenedItem] = []
        for item in parcel.items:
            try:
                opened.append(
                    open_item(
                        item,
                        sender,
                        signature=parcel.signature,
                        received_at=self._clock.now(),
                        keyring=self._keyring,
                    )
                )
            except RefusedItemError as error:
                refused[item.header.id] = error.code
        letters = [DeadLetter(sender.device_id, event_id, code) for event_id, code in refused.items()]
        stored = await self._commit([*opened, *letters])
        results = {
            item.header.id: ItemResult(item.header.id, one.result or Result.REJECTED, one.code)
            for item, one in zip(opened, stored, strict=False)
        }
        for event_id, code in refused.items():
            # Two items of one id, one of them sound: what was stored is what counts.
            results.setdefault(event_id, ItemResult(event_id, Result.REJECTED, Refusal(code).value))
        return AckFrame(parcel.batch_id, tuple(results[event_id] for event_id in _once(parcel.order)))

    async def _commit(self, things: list[Thing]) -> list[Stored]:
        stored = await self.writer.put(things) if things else []
        if any(one.result is None for one in stored):
            raise DeviceRefusedError
        return stored


def _once(ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(ids))


@asynccontextmanager
async def receiving(url: str, keyring: Keyring, clock: Clock) -> AsyncIterator[Receiver]:
    """A Receiver that writes to the database at ``url`` (libpq's form, system role) until the block ends."""
    async with asyncpg.create_pool(
        url,
        min_size=1,
        max_size=POOL_SIZE,
        command_timeout=STATEMENT_TIMEOUT_MS / 1000,
        server_settings={"application_name": "lantern-ingest", "timezone": "UTC"},
    ) as pool:
        receiver = Receiver(pool, keyring, clock)
        receiver.writer.start()
        try:
            yield receiver
        finally:
            await receiver.writer.stop()
