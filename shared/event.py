"""Event: the immutable record a device sends for one Flag, and the value objects inside it.

EventHeader travels readable to the server so that it can be ordered; EventBody travels sealed to
the server's key (school filters decrypt TLS). Times are UTC, with offset.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from shared.taxonomy import Severity, Theme

SCHEMA_VERSION = 1
MAX_PASSAGE_CHARS = 4_000
MAX_CONTEXT_PASSAGES = 20
MAX_SCREENSHOT_BYTES = 150 * 1024


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a reason stands in the Passage: character offsets into ``EventBody.passage``, end exclusive."""

    start: int
    end: int
    theme: Theme


@dataclass(frozen=True, slots=True)
class ContextPassage:
    """An earlier Passage of the same application, kept in memory only until a Flag needed it."""

    text: str
    typed_at: datetime


@dataclass(frozen=True, slots=True)
class EventHeader:
    """What the server needs to order an Event before any human opens it. No text, no names."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    id: UUID
    occurred_at: datetime
    theme: Theme
    severity: Severity
    probability: float
    """The calibrated probability of ``theme``, 0 to 1."""
    pack_version: str
    """The Pack that decided, e.g. ``2026.11.1``."""
    reasons: tuple[str, ...] = ()
    """Term ids and rule names, never text."""
    evidence_sha256: str | None = None
    """Hex digest of the sealed screenshot that follows as a blob of its own, if there is one."""
    dedup_key: str = ""
    """Hex HMAC of (theme, normalised text) under a key only the device has."""
    schema: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        """Refuse what no honest device can mean."""
        if self.occurred_at.tzinfo is None:
            raise ValueError("occurred_at must carry its UTC offset")
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"probability must lie in 0..1, got {self.probability}")


@dataclass(frozen=True, slots=True)
class EventBody:
    """What a human reads. Sealed on the device to the server's key; never logged."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    passage: str
    deleted_text: str
    application: str
    window_title: str
    account: str
    """The operating system's name for whoever was signed in; the server maps it to a Student."""
    marks: tuple[Mark, ...] = ()
    context: tuple[ContextPassage, ...] = field(default=())
    host: str = ""

    def __post_init__(self) -> None:
        """Refuse a body beyond its limits rather than cut it silently."""
        if len(self.passage) > MAX_PASSAGE_CHARS:
            raise ValueError(f"passage is {len(self.passage)} characters, the limit is {MAX_PASSAGE_CHARS}")
        if len(self.context) > MAX_CONTEXT_PASSAGES:
            raise ValueError(f"{len(self.context)} context passages, the limit is {MAX_CONTEXT_PASSAGES}")
