"""Identifiers as types of their own, so that one id can never stand where another is meant.

All are UUIDs. Events are named on the device (UUIDv7-shaped, so they sort by time); the rest by the server.
"""

from typing import NewType
from uuid import UUID

TrustId = NewType("TrustId", UUID)
AcademyId = NewType("AcademyId", UUID)
StaffId = NewType("StaffId", UUID)
StudentId = NewType("StudentId", UUID)
DeviceId = NewType("DeviceId", UUID)
EventId = NewType("EventId", UUID)
GradeId = NewType("GradeId", UUID)
AlertId = NewType("AlertId", UUID)
NoticeId = NewType("NoticeId", UUID)
ConcernId = NewType("ConcernId", UUID)
ActionId = NewType("ActionId", UUID)
ReferralId = NewType("ReferralId", UUID)


def uuid7(unix_ms: int, random_bytes: bytes) -> UUID:
    """A version-7 UUID (RFC 9562 §5.7) from a time in milliseconds and ten random bytes.

    The clock and the randomness are arguments: this package does no I/O.
    """
    if len(random_bytes) != 10:
        raise ValueError(f"uuid7 needs exactly 10 random bytes, got {len(random_bytes)}")
    value = (unix_ms & (2**48 - 1)) << 80 | int.from_bytes(random_bytes, "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
