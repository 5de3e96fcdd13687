"""What crosses HTTP of the live queue. Nothing here has a place for a name."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from server.live_queue.domain import Claim
from server.live_queue.open_event import OpenedEvent
from server.live_queue.repository import QueueLine
from shared.taxonomy import Category, Theme


class TokenBody(BaseModel):
    """The fencing token of a claim."""

    model_config = ConfigDict(extra="forbid")

    claim_token: UUID


class ClaimView(BaseModel):
    """A claim as its holder gets it."""

    event_id: UUID
    claim_token: UUID
    expires_at: datetime

    @classmethod
    def of(cls, claim: Claim) -> "ClaimView":
        """From the domain's Claim."""
        return cls(event_id=claim.event_id, claim_token=claim.token, expires_at=claim.expires_at)


class LeaseView(BaseModel):
    """When the hold ends unless it beats again."""

    expires_at: datetime


class QueueCounts(BaseModel):
    """How many wait and how many are held; counting stops at 10,000."""

    queued: int
    claimed: int


class QueueItem(BaseModel):
    """One line of the queue: no text."""

    event_id: UUID
    received_at: datetime
    due_at: datetime
    theme: Theme
    category: Category
    severity: int
    probability: float
    age_band: str
    application: str
    state: str
    claimed_by_me: bool

    @classmethod
    def of(cls, line: QueueLine) -> "QueueItem":
        """From a row of the queue."""
        theme = Theme(line.theme)
        return cls(
            event_id=line.event_id,
            received_at=line.received_at,
            due_at=line.due_at,
            theme=theme,
            category=theme.category,
            severity=line.severity,
            probability=line.probability,
            age_band=line.age_band,
            application=line.application,
            state=line.state,
            claimed_by_me=line.claimed_by_me,
        )


class QueueView(BaseModel):
    """The queue as a moderator sees it: the first 200 in the order of claiming."""

    counts: QueueCounts
    items: list[QueueItem]


class MarkView(BaseModel):
    """Where a reason stands in the passage."""

    start: int
    end: int
    theme: Theme


class ContextView(BaseModel):
    """An earlier passage of the same application."""

    text: str
    typed_at: datetime


class Suggestion(BaseModel):
    """What the pack on the device thought."""

    category: Category
    theme: Theme
    severity: int
    probability: float
    reasons: list[str]


class EventView(BaseModel):
    """An event as its claim holder reads it."""

    event_id: UUID
    student_pseudonym: str
    age_band: str
    application: str
    host: str
    window_title: str
    passage: str
    deleted_text: str
    marks: list[MarkView]
    context: list[ContextView]
    occurred_at: datetime
    received_at: datetime
    due_at: datetime
    claim_expires_at: datetime
    suggestion: Suggestion
    earlier_events: int
    has_screenshot: bool
    screenshot_arrived: bool

    @classmethod
    def of(cls, opened: OpenedEvent) -> "EventView":
        """From what ``open_event`` gave; the account inside the body is not copied."""
        held, body = opened.held, opened.body
        theme = Theme(held.theme)
        return cls(
            event_id=held.event_id,
            student_pseudonym=held.student_pseudonym,
            age_band=held.age_band,
            application=body.application,
            host=body.host,
            window_title=body.window_title,
            passage=body.passage,
            deleted_text=body.deleted_text,
            marks=[MarkView(start=mark.start, end=mark.end, theme=mark.theme) for mark in body.marks],
            context=[ContextView(text=one.text, typed_at=one.typed_at) for one in body.context],
            occurred_at=held.occurred_at,
            received_at=held.received_at,
            due_at=held.due_at,
            claim_expires_at=held.claim_expires_at,
            suggestion=Suggestion(
                category=theme.category,
                theme=theme,
                severity=held.severity,
                probability=held.probability,
                reasons=list(held.reasons),
            ),
            earlier_events=opened.earlier_events,
            has_screenshot=held.has_screenshot,
            screenshot_arrived=held.screenshot_arrived,
        )
