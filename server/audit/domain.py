"""Who can be the author of an AuditEntry."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class AuthorKind(StrEnum):
    """Who acts; the database checks the same words."""

    STAFF = "staff"
    DEVICE = "device"
    SYSTEM = "system"


class Author(Protocol):
    """Anybody who can act. ``access.scope.Actor`` is one."""

    @property
    def author_kind(self) -> AuthorKind:
        """Staff, device or system."""

    @property
    def author_id(self) -> UUID | None:
        """The id of the member of staff or the device; none for the system."""


@dataclass(frozen=True, slots=True)
class StaffAuthor:
    """A member of staff where no Actor exists yet: at sign-in."""

    author_id: UUID | None
    author_kind: AuthorKind = AuthorKind.STAFF


@dataclass(frozen=True, slots=True)
class DeviceAuthor:
    """A device that speaks for itself."""

    author_id: UUID | None
    author_kind: AuthorKind = AuthorKind.DEVICE


@dataclass(frozen=True, slots=True)
class SystemAuthor:
    """Our own background work."""

    author_id: UUID | None = None
    author_kind: AuthorKind = AuthorKind.SYSTEM


SYSTEM = SystemAuthor()
