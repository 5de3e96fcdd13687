"""Writes the mail of one Notice: clear, kind, short. Level, academy, reference, a link; nothing of the student.

Not even the category: a mail is read on locked screens and over shoulders. What no person has reviewed
says so in its subject.
"""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from server.notification.channels import Mail
from server.notification.domain import NoticeKind, reference
from server.notification.repository import LeasedNotice
from server.routing.domain import LONDON
from shared.taxonomy import Severity

NOTHING_HERE = "This mail says nothing about the student, on purpose."
UNREVIEWED = "not yet reviewed by a person"
UNREVIEWED_MEANS = (
    "No person has reviewed this yet: the time in which a moderator should have looked at it ran out, so it comes"
    " to you as software judged it, and software can be wrong. A moderator will still look at it, and we shall"
    " write again if they see it differently."
)


@dataclass(frozen=True, slots=True)
class _Words:
    subject: str
    before: list[str]
    link: str
    label: str
    later: list[str]


def compose(notice: LeasedNotice, *, public_url: str, token: str) -> Mail:
    """The mail to a DSL or deputy with an acknowledging link, or to a trust officer with a request to phone."""
    severity = Severity(notice.severity)
    code = reference(notice.alert_id)
    if notice.kind == NoticeKind.CORRECTION:
        words = _correction(notice, severity, code, public_url, token)
    elif notice.keeps_records:
        words = _to_school(notice, severity, code, public_url, token)
    else:
        words = _to_trust(notice, severity, code, public_url)
    paragraphs = [f"Hello {notice.display_name},", *words.before]
    footer = f"{NOTHING_HERE} Reference {code}."
    text = "\n\n".join([*paragraphs, f"{words.label}:\n{words.link}", *words.later, footer, "Lantern"])
    return Mail(
        to_name=notice.display_name,
        to_address=notice.email,
        subject=words.subject,
        text=text + "\n",
        html=_html(paragraphs, words.link, words.label, [*words.later, footer]),
        message_id=str(notice.notice_id),
        is_urgent=severity >= Severity.LEVEL_4 and notice.dismissal_reason is None,
    )


def _to_school(notice: LeasedNotice, severity: Severity, code: str, public_url: str, token: str) -> _Words:
    again = "Nobody has answered yet. " if notice.step > 1 else ""
    label = f", {UNREVIEWED}," if notice.is_unreviewed else ""
    if severity >= Severity.LEVEL_3:
        subject = f"Lantern: a {severity.label} alert{label} needs you ({code})"
    else:
        subject = f"Lantern: a {severity.label} alert{label} for your information ({code})"
    before = [f"{again}There is a {severity.label} alert at {notice.academy_name}. {severity.meaning}"]
    if notice.is_unreviewed:
        before.append(UNREVIEWED_MEANS)
    later = ["You will be asked to sign in. Opening the link does nothing until you press the button there."]
    if severity >= Severity.LEVEL_3 and notice.acknowledge_due_at:
        later.append(
            f"Please answer by {_spoken(notice.acknowledge_due_at)}. Until somebody does, we go on asking."
        )
    return _Words(
        subject, before, f"{public_url}/acknowledge/{token}", "See it and say that you have it", later
    )


def _to_trust(notice: LeasedNotice, severity: Severity, code: str, public_url: str) -> _Words:
    label = f", {UNREVIEWED}," if notice.is_unreviewed else ""
    subject = (
        f"Lantern: a {severity.label} alert{label} at {notice.academy_name} waits for an answer ({code})"
    )
    before = [
        f"Nobody at {notice.academy_name} has answered a {severity.label} alert yet. {severity.meaning}",
        "You cannot open it yourself. Please phone the academy's DSL or deputy and make sure that somebody"
        " has it. If the academy has neither in Lantern, appoint one: the alert is then theirs to open.",
    ]
    if notice.is_unreviewed:
        before.insert(1, UNREVIEWED_MEANS)
    later = []
    if notice.acknowledge_due_at:
        later.append(f"An answer is due by {_spoken(notice.acknowledge_due_at)}.")
    return _Words(subject, before, f"{public_url}/", "Your trust's overview", later)


def _correction(notice: LeasedNotice, severity: Severity, code: str, public_url: str, token: str) -> _Words:
    sent = Severity(notice.unreviewed_severity or notice.severity).label
    before = [
        f"We sent a {sent} alert at {notice.academy_name} before any person had reviewed it."
        " A moderator has looked at it now."
    ]
    if notice.dismissal_reason is not None:
        verdict = "no risk seen"
        before.append(
            "They saw no risk. Nothing more is asked of you. If you know more than they could, trust what you know."
        )
    else:
        verdict = f"now {severity.label}"
        before.append(f"They graded it {severity.label}. {severity.meaning}")
    subject = f"Lantern: a correction, {verdict} ({code})"
    if not notice.keeps_records:
        return _Words(subject, before, f"{public_url}/", "Your trust's overview", [])
    if notice.is_answered:
        return _Words(subject, before, f"{public_url}/alerts/{notice.alert_id}", "See the alert", [])
    due = f" Please answer by {_spoken(notice.acknowledge_due_at)}." if notice.acknowledge_due_at else ""
    return _Words(
        subject,
        before,
        f"{public_url}/acknowledge/{token}",
        "See it and say that you have it",
        [f"Nobody has answered yet.{due}"],
    )


def _spoken(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{local:%H:%M} on {local:%A} {local.day} {local:%B}"


def _html(before: list[str], link: str, label: str, after: list[str]) -> str:
    def paragraph(words: str) -> str:
        return f'<p style="margin:0 0 16px">{escape(words)}</p>'

    button = (
        f'<p style="margin:0 0 16px"><a href="{escape(link, quote=True)}" style="background:#1d4ed8;color:#ffffff;'
        f'padding:12px 20px;border-radius:6px;text-decoration:none;display:inline-block">{escape(label)}</a></p>'
    )
    body = "".join(map(paragraph, before)) + button + "".join(map(paragraph, after)) + paragraph("Lantern")
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Lantern</title></head>'
        '<body style="font:16px/1.5 system-ui,sans-serif;color:#111827;max-width:36em;margin:24px">'
        f"{body}</body></html>"
    )
