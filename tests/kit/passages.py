"""Passages, Flags and Evidence for the agent's tests, in the mildest words that work."""

import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

from agent.evidence.assembler import Evidence
from agent.inspection.buffer import Focus, Passage
from agent.inspection.policy import Flag
from shared.event import EventBody, EventHeader, Mark
from shared.ids import uuid7
from shared.taxonomy import Severity, Theme

NINE = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
WORDS = "i dont feel safe at home"
CHAT = Focus("chat", "Year 9 chat", "", False, 1)


def a_passage(text: str = WORDS, *, deleted: str = "", focus: Focus = CHAT, at: datetime = NINE) -> Passage:
    """What was typed in a chat at nine."""
    return Passage(text, deleted, focus, at - timedelta(seconds=4), at)


def a_flag(severity: Severity = Severity.LEVEL_4, text: str = WORDS) -> Flag:
    """The judgement that somebody must look."""
    marks = (Mark(0, len(text), Theme.ABUSE_DISCLOSURE),)
    return Flag(Theme.ABUSE_DISCLOSURE, severity, 0.9, ("term:t05-1",), marks, text)


def an_event_id() -> UUID:
    """An id as a device makes one."""
    return uuid7(int(NINE.timestamp() * 1000), os.urandom(10))


def some_evidence(
    severity: Severity = Severity.LEVEL_4, *, passage: str = WORDS, screenshot: bytes | None = None
) -> Evidence:
    """An Event before it is sealed."""
    header = EventHeader(
        id=an_event_id(),
        occurred_at=NINE,
        theme=Theme.ABUSE_DISCLOSURE,
        severity=severity,
        probability=0.9,
        pack_version="2026.11.1",
    )
    return Evidence(header, EventBody(passage, "", "chat", "Year 9 chat", "mokafor"), screenshot)
