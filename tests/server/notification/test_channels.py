"""Mail over real SMTP on loopback: taken, refused, unreachable, and a password that never travels readable."""

import smtplib
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from server.notification.channels import (
    ChannelError,
    Mail,
    NoChannel,
    SmtpAddress,
    SmtpChannel,
    parse_smtp_url,
    smtp_channel,
    to_message,
)
from tests.kit.mailbox import Mailbox, listening

MAIL = Mail(
    to_name="Sam Patel",
    to_address="dsl@staff.test",
    subject="Lantern: a Level 4 alert needs you (A7K2)",
    text="Hello\n",
    html="<p>Hello</p>",
    message_id="0190",
    is_urgent=True,
)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with listening() as mailbox:
        yield mailbox


def test_a_mail_arrives_as_plain_text_and_html(box: Mailbox) -> None:
    smtp_channel(box.url, "lantern@provider.test").send(MAIL)
    (message,) = box.taken
    assert message["To"] == "Sam Patel <dsl@staff.test>"
    assert message["From"] == "Lantern <lantern@provider.test>"
    assert message["Subject"] == MAIL.subject
    assert message["Message-ID"] == "<0190@provider.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Importance"] == "high"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@pytest.mark.parametrize(
    ("rcpt", "data", "code", "is_final"),
    [
        ("550 no such mailbox", "250 OK", "smtp_550", True),
        ("450 try later", "250 OK", "smtp_450", False),
        ("250 OK", "554 no", "smtp_554", False),
        ("250 OK", "451 try later", "smtp_451", False),
    ],
)
def test_a_refusal_is_a_code_and_never_a_text(
    box: Mailbox, rcpt: str, data: str, code: str, is_final: bool
) -> None:
    box.rcpt, box.data = rcpt, data
    with pytest.raises(ChannelError) as refused:
        smtp_channel(box.url, "lantern@provider.test").send(MAIL)
    assert (refused.value.code, refused.value.is_final, refused.value.is_outage) == (code, is_final, False)
    assert str(refused.value) == code


def test_a_server_that_is_not_there_is_an_outage() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(ChannelError) as refused:
        smtp_channel(f"smtp://127.0.0.1:{port}", "lantern@provider.test").send(MAIL)
    assert (refused.value.code, refused.value.is_outage) == ("smtp_unreachable", True)


def test_starttls_where_it_is_required_and_not_offered(box: Mailbox) -> None:
    with pytest.raises(ChannelError) as refused:
        smtp_channel(box.url + "?starttls=required", "lantern@provider.test").send(MAIL)
    assert (refused.value.code, box.taken) == ("smtp_no_starttls", [])


class _PlainServer(smtplib.SMTP):
    """A server far away that offers no encryption; remembers what it was told."""

    logins: list[tuple[str, str]] = []  # noqa: RUF012 - one test's memory

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()

    def ehlo(self, name: str = "") -> tuple[int, bytes]:
        """Nothing offered."""
        self.esmtp_features = {}
        return 250, b""

    def login(self, user: str, password: str, *, initial_response_ok: bool = True) -> tuple[int, bytes]:
        """Would have read the password."""
        self.logins.append((user, password))
        return 235, b""


def test_a_password_never_travels_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtplib, "SMTP", _PlainServer)
    address = SmtpAddress("mail.example.org", 587, "name", "secret", False, "offered")
    with pytest.raises(ChannelError) as refused:
        SmtpChannel(address, "lantern@provider.test").send(MAIL)
    assert (refused.value.code, _PlainServer.logins) == ("smtp_no_starttls", [])


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://127.0.0.1:2525", SmtpAddress("127.0.0.1", 2525, None, None, False, "offered")),
        ("smtp://mail.test", SmtpAddress("mail.test", 25, None, None, False, "offered")),
        ("smtp://me:p%40ss@mail.test", SmtpAddress("mail.test", 587, "me", "p@ss", False, "offered")),
        ("smtps://mail.test", SmtpAddress("mail.test", 465, None, None, True, "offered")),
        ("smtp://mail.test?starttls=required", SmtpAddress("mail.test", 25, None, None, False, "required")),
    ],
)
def test_what_a_url_says(url: str, expected: SmtpAddress) -> None:
    assert parse_smtp_url(url) == expected


@pytest.mark.parametrize("url", ["http://mail.test", "smtp://", "smtp://mail.test?starttls=perhaps"])
def test_what_is_no_smtp_url(url: str) -> None:
    with pytest.raises(ValueError, match=r"SMTP|starttls"):
        parse_smtp_url(url)


@pytest.mark.parametrize("address", ["no address", "a@b\r\nBcc: c@d.test", ""])
def test_an_address_that_is_none_is_final(address: str) -> None:
    with pytest.raises(ChannelError) as refused:
        to_message(replace(MAIL, to_address=address), "lantern@provider.test")
    assert (refused.value.code, refused.value.is_final) == ("bad_address", True)


def test_without_a_server_every_mail_fails_for_all_to_see() -> None:
    channel = smtp_channel(None, "lantern@provider.test")
    assert isinstance(channel, NoChannel)
    with pytest.raises(ChannelError) as refused:
        channel.send(MAIL)
    assert refused.value.code == "smtp_not_configured"
