"""A Flag, its Passage and the context before it become an Event: a header to order by, a body to read.

Ids are UUIDv7, so Events sort by time. The dedup key is an HMAC under a key only this device has: the
server can tell that two Events say the same, never what they say.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agent.evidence.redactor import redact_context, redact_passage
from agent.inspection.buffer import Passage
from agent.inspection.policy import Flag
from shared.event import MAX_PASSAGE_CHARS, ContextPassage, EventBody, EventHeader
from shared.ids import uuid7


@dataclass(frozen=True, slots=True)
class Evidence:
    """One Event before it is sealed, and its picture if there is one."""

    header: EventHeader
    body: EventBody
    screenshot: bytes | None


class Assembler:
    """Makes Events for one account on one device. ``randomness(n)`` gives n random bytes."""

    def __init__(
        self, account: str, dedup_key: bytes, pack_version: str, randomness: Callable[[int], bytes]
    ) -> None:
        self._account = account
        self._dedup_key = dedup_key
        self._pack_version = pack_version
        self._randomness = randomness

    def assemble(
        self, flag: Flag, passage: Passage, context: Sequence[ContextPassage], screenshot: bytes | None
    ) -> Evidence:
        """The Event of ``flag``, redacted. Its id and its time are those of the passage's last key."""
        unix_ms = int(passage.ended_at.timestamp() * 1000)
        header = EventHeader(
            id=uuid7(unix_ms, self._randomness(10)),
            occurred_at=passage.ended_at,
            theme=flag.theme,
            severity=flag.severity,
            probability=min(max(flag.probability, 0.0), 1.0),
            pack_version=self._pack_version,
            reasons=flag.reasons,
            dedup_key=self._key_of(flag),
        )
        body = EventBody(
            passage=redact_passage(passage.text)[:MAX_PASSAGE_CHARS],
            deleted_text=redact_passage(passage.deleted_text)[:MAX_PASSAGE_CHARS],
            application=passage.focus.application,
            window_title=redact_context(passage.focus.window_title),
            account=self._account,
            marks=flag.marks,
            context=tuple(replace(one, text=redact_context(one.text)) for one in context),
            host=passage.focus.host,
        )
        return Evidence(header, body, screenshot)

    def _key_of(self, flag: Flag) -> str:
        said = f"{flag.theme.value}|{flag.normalised}".encode()
        return hmac.new(self._dedup_key, said, hashlib.sha256).hexdigest()
