"""How much may wait on disk and for how long, and what goes first when it is too much.

Lane 0 (severity 4 and 5) is never dropped, whatever the size. Every drop is counted by its reason.
"""

from dataclasses import dataclass
from enum import IntEnum

from shared.taxonomy import Severity


class Lane(IntEnum):
    """The order in which things leave the device."""

    URGENT = 0
    ORDINARY = 1
    BLOB = 2


DROP_ORDER = (Lane.BLOB, Lane.ORDINARY)
"""Which lane goes first; within a lane, the oldest. URGENT is not in it."""


def lane_of(severity: Severity) -> Lane:
    """The lane for an Event of ``severity``."""
    return Lane.URGENT if severity >= Severity.LEVEL_4 else Lane.ORDINARY


@dataclass(frozen=True, slots=True)
class Limits:
    """What the spool keeps to."""

    max_bytes: int = 200 * 1024 * 1024
    max_age_s: float = 14 * 24 * 3600.0
