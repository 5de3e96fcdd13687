"""The spool: Event in, sealed row out; put, peek, ack. A row leaves only by ack, refusal or a counted drop.

SQLite in WAL mode with synchronous=FULL: a put that returned survives kill -9 and a power cut. Bodies
and pictures are sealed to the server before they are sealed again for the disk, so this device itself
cannot read what waits here. Never: unsealed bytes, unflagged text.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from agent.evidence.assembler import Evidence
from agent.spool.limits import DROP_ORDER, Lane, Limits, lane_of
from agent.spool.sealing import DeviceSeal, SealError, blob_context, body_context, seal_to_server
from shared.wire import EventItem, EventsFrame, FrameError, decode, encode, encode_body, to_base64

_SCHEMA = """
CREATE TABLE IF NOT EXISTS item (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    lane INTEGER NOT NULL,
    is_ready INTEGER NOT NULL,
    put_at REAL NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (event_id, lane)
);
CREATE INDEX IF NOT EXISTS item_waiting ON item (lane, is_ready, seq);
CREATE TABLE IF NOT EXISTS loss (reason TEXT PRIMARY KEY, n INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """An Event that the server has not taken yet."""

    lane: Lane
    item: EventItem

    @property
    def id(self) -> UUID:
        """The Event's id."""
        return self.item.header.id


@dataclass(frozen=True, slots=True)
class WaitingBlob:
    """A sealed screenshot whose Event the server has taken."""

    event_id: UUID
    sha256: str
    sealed: bytes


class Spool:
    """The rows that wait. One connection under one lock; every method may be called from any thread."""

    def __init__(
        self,
        folder: Path,
        server_key: bytes,
        *,
        unix_s: Callable[[], float],
        limits: Limits | None = None,
    ) -> None:
        self._seal = DeviceSeal.of_file(folder / "spool.key")
        self._server_key = server_key
        self._unix_s = unix_s
        self._limits = limits or Limits()
        self.on_put: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._connection = open_database(folder)
        self.bytes_to_disk = 0

    def close(self) -> None:
        """Release the file; everything in it stays."""
        with self._lock:
            self._connection.close()

    def put(self, evidence: Evidence) -> None:
        """Seal an Event and its picture and make both safe on disk. Returns after the disk has them."""
        header = evidence.header
        blob = None
        if evidence.screenshot is not None:
            blob = seal_to_server(evidence.screenshot, self._server_key, blob_context(header.id))
            header = replace(header, evidence_sha256=hashlib.sha256(blob).hexdigest())
        body = seal_to_server(encode_body(evidence.body), self._server_key, body_context(header.id))
        row = _to_row(EventItem(header, to_base64(body)))
        lane = lane_of(header.severity)
        with self._transaction() as connection:
            self._insert(connection, header.id, lane, row, is_ready=True)
            if blob is not None:
                self._insert(connection, header.id, Lane.BLOB, blob, is_ready=False)
            self._keep_to_limits(connection)
        self.on_put()

    def peek_events(self, lane: Lane, limit: int, *, newest_first: bool = False) -> list[WaitingEvent]:
        """Up to ``limit`` Events of ``lane``; they stay where they are."""
        found: list[WaitingEvent] = []
        for event_id, plain in self._peek(lane, limit, newest_first=newest_first):
            try:
                found.append(WaitingEvent(lane, _from_row(plain)))
            except FrameError:
                self._drop_unreadable(event_id, lane)
        return found

    def peek_blob(self) -> WaitingBlob | None:
        """The oldest sealed screenshot whose Event was acknowledged."""
        for event_id, sealed in self._peek(Lane.BLOB, 1, newest_first=False):
            return WaitingBlob(event_id, hashlib.sha256(sealed).hexdigest(), sealed)
        return None

    def ack_events(self, ids: Iterable[UUID]) -> None:
        """The server has these: forget them, and let their screenshots follow."""
        with self._transaction() as connection:
            for event_id in ids:
                connection.execute(
                    "DELETE FROM item WHERE event_id = ? AND lane != ?", (str(event_id), Lane.BLOB)
                )
                connection.execute("UPDATE item SET is_ready = 1 WHERE event_id = ?", (str(event_id),))

    def refuse_events(self, ids: Iterable[UUID], reason: str) -> None:
        """The server can never take these: forget them and their screenshots, and count the loss."""
        with self._transaction() as connection:
            for event_id in ids:
                gone = connection.execute("DELETE FROM item WHERE event_id = ?", (str(event_id),))
                _count_loss(connection, reason, gone.rowcount)

    def ack_blob(self, event_id: UUID) -> None:
        """The server has this screenshot."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM item WHERE event_id = ? AND lane = ?", (str(event_id), Lane.BLOB))

    def refuse_blob(self, event_id: UUID, reason: str) -> None:
        """The server can never take this screenshot."""
        with self._transaction() as connection:
            gone = connection.execute(
                "DELETE FROM item WHERE event_id = ? AND lane = ?", (str(event_id), Lane.BLOB)
            )
            _count_loss(connection, reason, gone.rowcount)

    def depth(self) -> dict[Lane, int]:
        """How many rows wait in each lane, ready or not."""
        with self._lock:
            return depth_of(self._connection)

    def ready(self) -> dict[Lane, int]:
        """How many rows of each lane may be sent now."""
        with self._lock:
            rows = self._connection.execute("SELECT lane, count(*) FROM item WHERE is_ready GROUP BY lane")
            return {Lane(lane): n for lane, n in rows}

    def losses(self) -> dict[str, int]:
        """How many rows were lost, by reason, since this spool was made."""
        with self._lock:
            return losses_of(self._connection)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection

    def _insert(
        self, connection: sqlite3.Connection, event_id: UUID, lane: Lane, plain: bytes, *, is_ready: bool
    ) -> None:
        sealed = self._seal.seal(plain, _row_context(event_id, lane))
        connection.execute(
            "INSERT OR IGNORE INTO item (event_id, lane, is_ready, put_at, sealed) VALUES (?, ?, ?, ?, ?)",
            (str(event_id), lane, is_ready, self._unix_s(), sealed),
        )
        self.bytes_to_disk += len(sealed)

    def _peek(self, lane: Lane, limit: int, *, newest_first: bool) -> list[tuple[UUID, bytes]]:
        order = "DESC" if newest_first else "ASC"
        with self._lock:
            rows = self._connection.execute(
                f"SELECT event_id, sealed FROM item WHERE lane = ? AND is_ready ORDER BY seq {order} LIMIT ?",  # noqa: S608
                (lane, limit),
            ).fetchall()
        opened: list[tuple[UUID, bytes]] = []
        for name, sealed in rows:
            event_id = UUID(name)
            try:
                opened.append((event_id, self._seal.open(sealed, _row_context(event_id, lane))))
            except SealError:
                self._drop_unreadable(event_id, lane)
        return opened

    def _drop_unreadable(self, event_id: UUID, lane: Lane) -> None:
        """A row of another key or a damaged disk can never be sent; leaving it would block its lane."""
        with self._transaction() as connection:
            gone = connection.execute(
                "DELETE FROM item WHERE event_id = ? AND lane = ?", (str(event_id), lane)
            )
            _count_loss(connection, "unreadable", gone.rowcount)

    def _keep_to_limits(self, connection: sqlite3.Connection) -> None:
        oldest = self._unix_s() - self._limits.max_age_s
        for lane in DROP_ORDER:
            gone = connection.execute("DELETE FROM item WHERE lane = ? AND put_at < ?", (lane, oldest))
            _count_loss(connection, "too_old", gone.rowcount)
        (total,) = connection.execute("SELECT coalesce(sum(length(sealed)), 0) FROM item").fetchone()
        for lane in DROP_ORDER:
            for seq, size in connection.execute(
                "SELECT seq, length(sealed) FROM item WHERE lane = ? ORDER BY seq", (lane,)
            ).fetchall():
                if total <= self._limits.max_bytes:
                    return
                connection.execute("DELETE FROM item WHERE seq = ?", (seq,))
                _count_loss(connection, "too_large", 1)
                total -= size


def open_database(folder: Path) -> sqlite3.Connection:
    """The spool's file, opened or made."""
    connection = sqlite3.connect(
        folder / "spool.db", isolation_level=None, check_same_thread=False, timeout=10.0
    )
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "cache_size = -256"):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(_SCHEMA)
    return connection


def depth_of(connection: sqlite3.Connection) -> dict[Lane, int]:
    """How many rows wait in each lane."""
    counted = dict(connection.execute("SELECT lane, count(*) FROM item GROUP BY lane"))
    return {lane: counted.get(lane, 0) for lane in Lane}


def losses_of(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows were lost, by reason."""
    return dict(connection.execute("SELECT reason, n FROM loss ORDER BY reason"))


def _count_loss(connection: sqlite3.Connection, reason: str, n: int) -> None:
    if n > 0:
        connection.execute(
            "INSERT INTO loss (reason, n) VALUES (?, ?) ON CONFLICT (reason) DO UPDATE SET n = n + excluded.n",
            (reason, n),
        )


def _row_context(event_id: UUID, lane: Lane) -> bytes:
    return f"row:{event_id}:{int(lane)}".encode()


def _to_row(item: EventItem) -> bytes:
    """One item in the wire's own writing: a frame that is never sent, so its names are the Event's."""
    header = item.header
    return encode(EventsFrame(header.id, header.id, header.occurred_at, (item,))).encode()


def _from_row(plain: bytes) -> EventItem:
    frame = decode(plain)
    if not isinstance(frame, EventsFrame) or len(frame.items) != 1:
        raise FrameError("a spooled row is not one event")
    return frame.items[0]
