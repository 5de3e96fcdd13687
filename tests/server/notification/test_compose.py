"""The mail's words: who, how grave, by when, a link; nothing of the student."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from server.notification.compose import compose
from server.notification.domain import reference
from server.notification.repository import LeasedNotice
from shared.taxonomy import Category, Theme

ALERT = UUID("0190d6f0-0000-7000-8000-000000000001")
LINK = "https://lantern.test/acknowledge/token"


def _notice(severity: int = 4, *, step: int = 1, keeps_records: bool = True) -> LeasedNotice:
    return LeasedNotice(
        notice_id=UUID(int=9),
        alert_id=ALERT,
        step=step,
        attempts=1,
        email="dsl@staff.test",
        display_name="Sam <b>Patel</b>",
        academy_name="Marsh Lane & Hill",
        severity=severity,
        acknowledge_due_at=datetime(2026, 6, 15, 9, 30, tzinfo=UTC) if severity > 1 else None,
        is_answered=False,
        keeps_records=keeps_records,
    )


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
