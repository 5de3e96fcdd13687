"""What crosses HTTP of alerts."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.notification.acknowledge import Acknowledged
from server.notification.alerts import AlertLine, AlertRest, NoticeLine, OpenedAlert
from server.notification.domain import Standing, reference, review_note
from server.routing.domain import REASON_MAX_CHARACTERS
from shared.taxonomy import Category, DismissalReason, Severity, Theme

AlertsAsked = Literal["open", "all"]


class StudentView(BaseModel):
    """The student, as far as a list shows them."""

    id: UUID
    display_name: str
    year_group: int | None


class AlertItem(BaseModel):
    """One line of the alerts."""

    alert_id: UUID
    reference: str
    academy_id: UUID
    academy_name: str
    student: StudentView | None
    category: Category
    theme: Theme
    severity: int
    state: str
    occurred_at: datetime
    raised_at: datetime
    told_at: datetime | None
    acknowledged_at: datetime | None
    acknowledge_due_at: datetime | None
    acknowledged_by_name: str | None
    closed_at: datetime | None
    closed_reason: str | None
    is_unreviewed: bool
    """No person has judged it: level, category and theme are the software's guess."""
    unreviewed_severity: int | None
    """The level it went out under, if it went out unreviewed, also after a moderator has judged it."""
    reviewed_at: datetime | None
    review_note: str
    """What that means, in words for the reader; empty for an ordinary alert."""

    @classmethod
    def of(cls, line: AlertLine) -> "AlertItem":
        """From a row of the list."""
        student = (
            StudentView(id=line.student_id, display_name=line.student_name, year_group=line.year_group)
            if line.student_id and line.student_name
            else None
        )
        return cls(
            alert_id=line.alert_id,
            reference=reference(line.alert_id),
            academy_id=line.academy_id,
            academy_name=line.academy_name,
            student=student,
            category=Category(line.category),
            theme=Theme(line.theme),
            severity=line.severity,
            state=line.state,
            occurred_at=line.occurred_at,
            raised_at=line.raised_at,
            told_at=line.told_at,
            acknowledged_at=line.acknowledged_at,
            acknowledge_due_at=line.acknowledge_due_at,
            acknowledged_by_name=line.acknowledged_by_name,
            closed_at=line.closed_at,
            closed_reason=line.closed_reason,
            is_unreviewed=line.is_unreviewed,
            unreviewed_severity=line.unreviewed_severity,
            reviewed_at=line.reviewed_at,
            review_note=review_note(standing_of(line)),
        )


def standing_of(line: AlertLine) -> Standing:
    """How far a line's alert has been judged."""
    sent, reason = line.unreviewed_severity, line.dismissal_reason
    return Standing(
        Severity(line.severity),
        line.is_unreviewed,
        Severity(sent) if sent else None,
        DismissalReason(reason) if reason else None,
    )


class AlertList(BaseModel):
    """The alerts of the academies the reader keeps records of."""

    items: list[AlertItem]


class AlertMark(BaseModel):
    """Where a reason stands in the passage."""

    start: int
    end: int
    theme: Theme


class AlertContext(BaseModel):
    """An earlier passage of the same application."""

    text: str
    typed_at: datetime


class Facets(BaseModel):
    """What the moderator saw besides category and level."""

    subject_role: str
    authenticity: str
    immediacy: str
    call_required: bool
    call_reason: str | None


class NoticeView(BaseModel):
    """One attempt to tell somebody; failures are shown."""

    staff_name: str | None
    channel: str
    kind: str
    """``alert``, or ``correction`` after an unreviewed one."""
    state: str
    sent_at: datetime | None
    step: int
    attempts: int
    error_code: str | None

    @classmethod
    def of(cls, line: NoticeLine) -> "NoticeView":
        """From a row."""
        return cls(
            staff_name=line.staff_name,
            channel=line.channel,
            kind=line.kind,
            state=line.state,
            sent_at=line.sent_at,
            step=line.step,
            attempts=line.attempts,
            error_code=line.error_code,
        )


class AlertView(AlertItem):
    """An alert with its text."""

    event_id: UUID
    message: str
    passage: str
    deleted_text: str
    marks: list[AlertMark]
    context: list[AlertContext]
    application: str
    host: str
    window_title: str
    account: str
    """Who was signed in, as the device knows it: helps where no student is matched."""
    has_screenshot: bool
    screenshot_arrived: bool
    facets: Facets | None
    """None where no moderator has graded it."""
    notices: list[NoticeView]
    concern_id: UUID | None
    events_before: int

    @classmethod
    def of_opened(cls, opened: OpenedAlert) -> "AlertView":
        """From what ``open_alert`` gave."""
        rest, body = opened.rest, opened.body
        return cls(
            **dict(AlertItem.of(opened.line)),
            event_id=rest.event_id,
            message=opened.message,
            passage=body.passage,
            deleted_text=body.deleted_text,
            marks=[AlertMark(start=mark.start, end=mark.end, theme=mark.theme) for mark in body.marks],
            context=[AlertContext(text=one.text, typed_at=one.typed_at) for one in body.context],
            application=body.application,
            host=body.host,
            window_title=body.window_title,
            account=body.account,
            has_screenshot=rest.has_screenshot,
            screenshot_arrived=rest.screenshot_arrived,
            facets=_facets(rest),
            notices=[NoticeView.of(line) for line in opened.notices],
            concern_id=rest.concern_id,
            events_before=rest.events_before,
        )


def _facets(rest: AlertRest) -> Facets | None:
    if rest.subject_role is None or rest.authenticity is None or rest.immediacy is None:
        return None
    return Facets(
        subject_role=rest.subject_role,
        authenticity=rest.authenticity,
        immediacy=rest.immediacy,
        call_required=bool(rest.call_required),
        call_reason=rest.call_reason,
    )


class ReasonBody(BaseModel):
    """Why an alert ends without further action."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=2 * REASON_MAX_CHARACTERS)


class LinkBody(BaseModel):
    """The token of a mail's link."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(max_length=200)


class AcknowledgedView(BaseModel):
    """Who has the alert now."""

    alert_id: UUID
    acknowledged_at: datetime
    acknowledged_by_name: str | None
    is_mine: bool

    @classmethod
    def of(cls, done: Acknowledged) -> "AcknowledgedView":
        """From the verb's answer."""
        return cls(
            alert_id=done.alert_id,
            acknowledged_at=done.acknowledged_at,
            acknowledged_by_name=done.by_name,
            is_mine=done.is_mine,
        )
