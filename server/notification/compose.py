"""Writes the mail of one Notice: clear, kind, short. Level, academy, reference, a link; nothing of the student.

Not even the category: a mail is read on locked screens and over shoulders.
"""

from datetime import datetime
from html import escape

from server.notification.channels import Mail
from server.notification.domain import reference
from server.notification.repository import LeasedNotice
from server.routing.domain import LONDON
from shared.taxonomy import Severity

NOTHING_HERE = "This mail says nothing about the student, on purpose."


def compose(notice: LeasedNotice, *, public_url: str, token: str) -> Mail:
    """The mail to a DSL or deputy with an acknowledging link, or to a trust officer with a request to phone."""
    severity = Severity(notice.severity)
    code = reference(notice.alert_id)
    if notice.keeps_records:
        subject, before, link, label, later = _to_school(notice, severity, code, public_url, token)
    else:
        subject, before, link, label, later = _to_trust(notice, severity, code, public_url)
    paragraphs = [f"Hello {notice.display_name},", *before]
    footer = f"{NOTHING_HERE} Reference {code}."
    text = "\n\n".join([*paragraphs, f"{label}:\n{link}", *later, footer, "Lantern"])
    return Mail(
        to_name=notice.display_name,
        to_address=notice.email,
        subject=subject,
        text=text + "\n",
        html=_html([*paragraphs], link, label, [*later, footer]),
        message_id=str(notice.notice_id),
        is_urgent=severity >= Severity.LEVEL_4,
    )


_Parts = tuple[str, list[str], str, str, list[str]]


def _to_school(notice: LeasedNotice, severity: Severity, code: str, public_url: str, token: str) -> _Parts:
    again = "Nobody has answered yet. " if notice.step > 1 else ""
    if severity >= Severity.LEVEL_3:
        subject = f"Lantern: a {severity.label} alert needs you ({code})"
    else:
        subject = f"Lantern: a {severity.label} alert for your information ({code})"
    before = [f"{again}There is a {severity.label} alert at {notice.academy_name}. {severity.meaning}"]
    later = ["You will be asked to sign in. Opening the link does nothing until you press the button there."]
    if severity >= Severity.LEVEL_3 and notice.acknowledge_due_at:
        later.append(
            f"Please answer by {_spoken(notice.acknowledge_due_at)}. Until somebody does, we go on asking."
        )
    return subject, before, f"{public_url}/acknowledge/{token}", "See it and say that you have it", later


def _to_trust(notice: LeasedNotice, severity: Severity, code: str, public_url: str) -> _Parts:
    subject = f"Lantern: a {severity.label} alert at {notice.academy_name} waits for an answer ({code})"
    before = [
        f"Nobody at {notice.academy_name} has answered a {severity.label} alert yet. {severity.meaning}",
        "You cannot open it yourself. Please phone the academy's DSL or deputy and make sure that somebody"
        " has it. If the academy has neither in Lantern, appoint one: the alert is then theirs to open.",
    ]
    later = []
    if notice.acknowledge_due_at:
        later.append(f"An answer is due by {_spoken(notice.acknowledge_due_at)}.")
    return subject, before, f"{public_url}/", "Your trust's overview", later


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
