"""DevicePolicy: what the server tells a device to do, and what it must never read.

The schedule, exam mode and signed delivery are thickened later; these fields are already obeyed.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from shared.taxonomy import Theme


@dataclass(frozen=True, slots=True)
class DevicePolicy:
    """Limits a device keeps. Defaults are the strictest that still protect."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    version: int = 1
    context_minutes: int = 10
    """0 to 30; how long an unflagged Passage may stay in memory as context."""
    context_passages: int = 20
    screenshots: bool = True
    themes_off: tuple[Theme, ...] = ()
    protected_hosts: tuple[str, ...] = (
        "childline.org.uk",
        "samaritans.org",
        "giveusashout.org",
        "111.nhs.uk",
        "ceop.police.uk",
        "nspcc.org.uk",
        "kooth.com",
    )
    """Help services that are never read, whatever is typed there (DOMAIN.md ST-06)."""

    def __post_init__(self) -> None:
        """Refuse a policy outside the published limits."""
        if not 0 <= self.context_minutes <= 30:
            raise ValueError(f"context_minutes must be 0 to 30, got {self.context_minutes}")
        if not 0 <= self.context_passages <= 20:
            raise ValueError(f"context_passages must be 0 to 20, got {self.context_passages}")
