"""How long to wait after a failure: full jitter, one ladder for each lane (PEERS.md §3).

Full jitter spreads a whole school's devices over the interval when a server comes back.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from agent.spool.limits import Lane

FIRST_S = 1.0
CAP_S = {Lane.URGENT: 60.0, Lane.ORDINARY: 900.0, Lane.BLOB: 900.0}


@dataclass(slots=True)
class Backoff:
    """One ladder. ``uniform(a, b)`` draws the jitter."""

    cap_s: float
    uniform: Callable[[float, float], float] = random.uniform
    failures: int = 0

    def failed(self, retry_after_s: float | None = None) -> float:
        """Seconds to wait now; never less than the server asked for, as far as the cap allows."""
        ceiling = min(self.cap_s, FIRST_S * 2.0**self.failures)
        self.failures = min(self.failures + 1, 32)
        asked = min(retry_after_s or 0.0, self.cap_s)
        return asked + self.uniform(0.0, ceiling)

    def succeeded(self) -> None:
        """Start again from the first step."""
        self.failures = 0
