"""How soon a received event must be reviewed, what of a header is believed, and why an item is refused."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from server.enrolment.domain import Sender
from server.kit.errors import KnownError
from shared.event import EventHeader
from shared.taxonomy import Severity
from shared.wire import HeartbeatFrame

HEARTBEAT_S = 60
MAX_SEALED_BODY_CHARS = 700_000
"""Base64 of about half a MiB: a passage and twenty contexts of the longest kind fit."""
MAX_BLOB_BYTES = 256 * 1024
MAX_APPLICATION_CHARS = 120
CLOCK_IMPLAUSIBLE = "clock:implausible"
PLAUSIBLE_FROM = datetime(2020, 1, 1, tzinfo=UTC)
PLAUSIBLE_AHEAD = timedelta(days=2)

REVIEW_WITHIN = {
    Severity.LEVEL_5: timedelta(minutes=2),
    Severity.LEVEL_4: timedelta(minutes=15),
    Severity.LEVEL_3: timedelta(minutes=60),
    Severity.LEVEL_2: timedelta(hours=8),
    Severity.LEVEL_1: timedelta(hours=24),
}
"""DOMAIN.md §B4: by when a moderator must have decided, from the server's receipt."""

SEND_UNREVIEWED_AFTER = {
    Severity.LEVEL_5: timedelta(minutes=10),
    Severity.LEVEL_4: 2 * REVIEW_WITHIN[Severity.LEVEL_4],
    Severity.LEVEL_3: 2 * REVIEW_WITHIN[Severity.LEVEL_3],
}
"""DOMAIN.md §B4 and N8: what nobody has decided by then goes to the school as it is, and says so."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNSTORABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class Refusal(StrEnum):
    """Why one item can never be accepted. The agent reports it as a loss; we keep a dead letter."""

    BAD_HEADER = "bad_header"
    BAD_SEAL = "bad_seal"
    BAD_BODY = "bad_body"
    TOO_LARGE = "too_large"
    ID_TAKEN = "id_taken"
    """Another device has sent an event of this id."""
    UNSTORABLE = "unstorable"


class UnavailableError(KnownError):
    """We cannot make it durable now; the device keeps it and tries again."""

    code = "unavailable"
    status = 503

    def __init__(self) -> None:
        super().__init__("Not stored; send it again later.")


@dataclass(frozen=True, slots=True)
class OpenedItem:
    """One event, opened, checked and closed again under a fresh data key; ready to be stored."""

    sender: Sender
    header: EventHeader
    occurred_at: datetime
    reasons: tuple[str, ...]
    application: str
    accounts: tuple[str, ...]
    """Account names to look the student up by, best first."""
    key_id: UUID
    wrapped: bytes = field(repr=False)
    body: bytes = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An item that can never be accepted; ``event_id`` is None when not even that could be read."""

    device_id: UUID
    event_id: UUID | None
    code: Refusal


@dataclass(frozen=True, slots=True)
class Beat:
    """A heartbeat of a known device."""

    sender: Sender
    frame: HeartbeatFrame


def band(severity: Severity) -> int:
    """The lane of the live queue: 0 is reviewed before 1, 1 before 2."""
    return {Severity.LEVEL_5: 0, Severity.LEVEL_4: 1}.get(severity, 2)


def sort_at(severity: Severity, received_at: datetime) -> datetime:
    """When the review is due: within a band, the queue's order."""
    return received_at + REVIEW_WITHIN[severity]


def unreviewed_at(severity: Severity, received_at: datetime) -> datetime | None:
    """When the school is told without a moderator's word; None for levels that can wait for one."""
    after = SEND_UNREVIEWED_AFTER.get(severity)
    return received_at + after if after else None


def storable(value: str, limit: int) -> str:
    """A device's text as a table can hold it: no control characters, no lone surrogates, cut at ``limit``."""
    return _UNSTORABLE.sub("", value)[:limit]


def is_sha256(value: object) -> bool:
    """Whether ``value`` is 64 lower-case hexadecimal digits."""
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def believed_time(occurred_at: datetime, received_at: datetime) -> tuple[datetime, bool]:
    """The device's time and True, or ours and False when its clock cannot be right.

    A dead battery puts a laptop in 1970; what its student typed must still reach somebody, in order.
    """
    if PLAUSIBLE_FROM <= occurred_at <= received_at + PLAUSIBLE_AHEAD:
        return occurred_at.astimezone(UTC), True
    return received_at, False
