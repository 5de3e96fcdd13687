"""Every mail of the demonstration is kept and shown, and nothing in one can reach out of the page."""

import asyncio
import smtplib
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP
from starlette.testclient import TestClient

from server.demonstration.mailbox import Keeper, create_page, read_mails, render, text_of


def mail(
    subject: str = "An alert waits", text: str = "Please look: http://127.0.0.1:8000/a?t=1\n"
) -> EmailMessage:
    """A mail as notification would send it."""
    made = EmailMessage()
    made["To"], made["From"], made["Subject"] = "dsl@demo.example", "lantern@localhost", subject
    made.set_content(text)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A mailbox with two mails that came over real SMTP."""
    place = tmp_path / "mails"
    asyncio.run(_deliver(Keeper(place), mail("first"), mail("second")))
    return place


async def _deliver(keeper: Keeper, *mails: EmailMessage) -> None:
    def send(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            for one in mails:
                client.send_message(one)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(keeper, enable_SMTPUTF8=True), "127.0.0.1", 0)
    async with server:
        await asyncio.to_thread(send, server.sockets[0].getsockname()[1])


def test_mails_are_kept_newest_first(folder: Path) -> None:
    kept = read_mails(folder)
    assert [one["Subject"] for one in kept] == ["second", "first"]
    assert "http://127.0.0.1:8000/a?t=1" in text_of(kept[0])
    assert not list(folder.glob("*.part"))


def test_the_page_and_the_list_show_them(folder: Path) -> None:
    client = TestClient(create_page(folder))
    page = client.get("/")
    assert page.headers["cache-control"] == "no-store"
    assert '<a href="http://127.0.0.1:8000/a?t=1">' in page.text
    assert [one["subject"] for one in client.get("/mails.json").json()["mails"]] == ["second", "first"]


def test_an_empty_mailbox_says_so(tmp_path: Path) -> None:
    assert "No mail yet" in TestClient(create_page(tmp_path)).get("/").text


def test_a_mail_cannot_write_markup_or_lead_elsewhere() -> None:
    page = render([mail("<b>hi</b>", '<script>x</script> https://elsewhere.example/ "quoted"\n')])
    assert "<script>" not in page
    assert "<b>hi" not in page
    assert '<a href="https://elsewhere' not in page
