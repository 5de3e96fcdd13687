"""The mail's words: who, how grave, by when, a link; nothing of the student."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from server.notification.compose import compose
from server.notification.domain import reference
from server.notification.repository import LeasedNotice
from shared.taxonomy import Category, Theme

ALERT = UUID("0190d6f0-0000-7000-8000-000000000001")
LINK = "https://lantern.test/acknowledge/token"


def _notice(
    severity: int = 4, *, step: int = 1, keeps_records: bool = True, **changes: object
) -> LeasedNotice:
    notice = LeasedNotice(
        notice_id=UUID(int=9),
        alert_id=ALERT,
        kind="alert",
        step=step,
        attempts=1,
        email="dsl@staff.test",
        display_name="Sam <b>Patel</b>",
        academy_name="Marsh Lane & Hill",
        severity=severity,
        acknowledge_due_at=datetime(2026, 6, 15, 9, 30, tzinfo=UTC) if severity > 1 else None,
        unreviewed_severity=None,
        dismissal_reason=None,
        is_unreviewed=False,
        is_answered=False,
        keeps_records=keeps_records,
    )
    return replace(notice, **changes)  # type: ignore[arg-type]


def test_a_dsl_gets_level_academy_time_and_link() -> None:
    mail = compose(_notice(), public_url="https://lantern.test", token="token")
    assert mail.subject == f"Lantern: a Level 4 alert needs you ({reference(ALERT)})"
    for words in ("Level 4", "Marsh Lane & Hill", LINK, "10:30 on Monday 15 June", "asked to sign in"):
        assert words in mail.text
    assert f'href="{LINK}"' in mail.html
    assert mail.is_urgent
    assert "Nobody has answered" not in mail.text
    assert "Nobody has answered yet" in compose(_notice(step=2), public_url="", token="").text


def test_a_low_level_is_for_information() -> None:
    mail = compose(_notice(1), public_url="https://lantern.test", token="token")
    assert mail.subject == f"Lantern: a Level 1 alert for your information ({reference(ALERT)})"
    assert not mail.is_urgent
    assert "answer by" not in mail.text


def test_a_trust_officer_gets_no_link_to_the_alert() -> None:
    mail = compose(_notice(5, keeps_records=False), public_url="https://lantern.test", token="token")
    assert "Marsh Lane & Hill" in mail.subject
    assert "waits for an answer" in mail.subject
    assert "phone" in mail.text
    assert "acknowledge/" not in mail.text + mail.html
    assert "token" not in mail.text + mail.html


@pytest.mark.parametrize("severity", range(1, 6))
@pytest.mark.parametrize("keeps_records", [True, False])
def test_neither_category_nor_theme_is_told(severity: int, keeps_records: bool) -> None:
    mail = compose(
        _notice(severity, keeps_records=keeps_records), public_url="https://lantern.test", token="token"
    )
    everything = mail.subject + mail.text + mail.html
    for word in (*Category, *Theme):
        assert word.label not in everything


def test_names_cannot_break_the_page() -> None:
    mail = compose(_notice(), public_url="https://lantern.test", token="token")
    assert "Sam &lt;b&gt;Patel&lt;/b&gt;" in mail.html
    assert "<b>" not in mail.html
    assert "Marsh Lane &amp; Hill" in mail.html


@pytest.mark.parametrize("keeps_records", [True, False])
def test_what_no_person_has_reviewed_says_so_first(keeps_records: bool) -> None:
    notice = _notice(5, keeps_records=keeps_records, is_unreviewed=True, unreviewed_severity=5)
    mail = compose(notice, public_url="https://lantern.test", token="token")
    assert "Level 5 alert, not yet reviewed by a person," in mail.subject
    assert "No person has reviewed this yet" in mail.text
    assert "No person has reviewed this yet" in mail.html
    reviewed = compose(replace(notice, is_unreviewed=False), public_url="https://lantern.test", token="token")
    assert "review" not in reviewed.subject + reviewed.text


def test_a_correction_says_what_was_sent_and_what_it_is_now() -> None:
    notice = _notice(3, kind="correction", unreviewed_severity=5)
    mail = compose(notice, public_url="https://lantern.test", token="token")
    assert mail.subject == f"Lantern: a correction, now Level 3 ({reference(ALERT)})"
    for words in (
        "Level 5 alert at Marsh Lane & Hill before",
        "They graded it Level 3.",
        LINK,
        "10:30 on Monday",
    ):
        assert words in mail.text
    answered = compose(replace(notice, is_answered=True), public_url="https://lantern.test", token="token")
    assert f"https://lantern.test/alerts/{ALERT}" in answered.text
    assert "answer by" not in answered.text
    assert "token" not in answered.text + answered.html


@pytest.mark.parametrize("keeps_records", [True, False])
def test_a_correction_of_what_held_no_risk_asks_for_nothing(keeps_records: bool) -> None:
    notice = _notice(
        5,
        kind="correction",
        unreviewed_severity=5,
        dismissal_reason="coursework",
        is_answered=True,
        keeps_records=keeps_records,
    )
    mail = compose(notice, public_url="https://lantern.test", token="token")
    assert mail.subject == f"Lantern: a correction, no risk seen ({reference(ALERT)})"
    assert "They saw no risk." in mail.text
    assert "coursework" not in (mail.text + mail.html).lower()
    assert not mail.is_urgent
    assert ("/alerts/" in mail.text) is keeps_records
