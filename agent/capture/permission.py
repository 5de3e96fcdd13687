"""The token without which nothing here listens. Only agent.notice makes one; a house test watches that.

It stands in this room because capture must demand it and may not know the room that grants it.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """Proof that ``account`` saw the notice of this version and answered "I understand"."""

    notice_version: int
    accepted_at: datetime
    account: str
