"""The ways out to people: a small Channel protocol and SMTP behind it. A mail carries no name but its reader's.

Errors keep the server's numeric reply and nothing else: a reply's text may quote an address.
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT_S = 10.0
SUBMISSION_PORT = 587
SMTPS_PORT = 465
SMTP_PORT = 25
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class ChannelError(Exception):
    """Not handed over. ``is_final``: this reader cannot be reached so. ``is_outage``: nobody can now."""

    def __init__(self, code: str, *, is_final: bool = False, is_outage: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.is_final = is_final
        self.is_outage = is_outage


@dataclass(frozen=True, slots=True)
class Mail:
    """What one person gets. ``message_id`` stays the same when it is tried again."""

    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    message_id: str
    is_urgent: bool


class Channel(Protocol):
    """Anything that can carry a Mail."""

    def send(self, mail: Mail) -> None:
        """Hand it over for good, or raise ChannelError."""


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """Where and how: ``smtp://[name:password@]host[:port][?starttls=required|offered|never]``, or smtps."""

    host: str
    port: int
    username: str | None
    password: str | None
    is_tls: bool
    starttls: str


class NoChannel:
    """Stands where no mail server is configured: every notice fails, for all to see."""

    def send(self, mail: Mail) -> None:
        """Never works."""
        raise ChannelError("smtp_not_configured", is_outage=True)


class SmtpChannel:
    """One connection per mail: alerts are few, and a kept connection is one more thing to break."""

    def __init__(self, address: SmtpAddress, sender: str) -> None:
        """``sender`` is the mail address we write from."""
        self._address = address
        self._sender = sender

    def send(self, mail: Mail) -> None:
        """Hand it to the server. Raises ChannelError."""
        message = to_message(mail, self._sender)
        try:
            with self._connected() as smtp:
                smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = next((reply[0] for reply in error.recipients.values()), 0)
            raise ChannelError(f"smtp_{code}", is_final=code >= 500) from error
        except smtplib.SMTPAuthenticationError as error:
            raise ChannelError(f"smtp_{error.smtp_code}", is_outage=True) from error
        except smtplib.SMTPResponseException as error:
            raise ChannelError(f"smtp_{error.smtp_code}") from error
        except ssl.SSLError as error:
            raise ChannelError("smtp_tls_failed", is_outage=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError("smtp_unreachable", is_outage=True) from error

    def _connected(self) -> smtplib.SMTP:
        address = self._address
        if address.is_tls:
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                address.host, address.port, timeout=TIMEOUT_S, context=context
            )
        else:
            smtp = smtplib.SMTP(address.host, address.port, timeout=TIMEOUT_S)
        try:
            self._secure(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _secure(self, smtp: smtplib.SMTP) -> None:
        address = self._address
        smtp.ehlo()
        is_secure = address.is_tls
        if not is_secure and address.starttls != "never":
            if smtp.has_extn("starttls"):
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo()
                is_secure = True
            elif address.starttls == "required":
                raise ChannelError("smtp_no_starttls", is_outage=True)
        if address.username is not None:
            if not is_secure and address.host not in LOOPBACK:
                # A password never travels readable.
                raise ChannelError("smtp_no_starttls", is_outage=True)
            smtp.login(address.username, address.password or "")


def smtp_channel(url: str | None, sender: str) -> Channel:
    """The channel of a settings URL."""
    return SmtpChannel(parse_smtp_url(url), sender) if url else NoChannel()


def parse_smtp_url(url: str) -> SmtpAddress:
    """What an SMTP URL says. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("an SMTP URL looks like smtp://host:port or smtps://host")
    starttls = parse_qs(parts.query).get("starttls", ["offered"])[0]
    if starttls not in ("required", "offered", "never"):
        raise ValueError("starttls is one of required, offered, never")
    is_tls = parts.scheme == "smtps"
    default = SMTPS_PORT if is_tls else SUBMISSION_PORT if parts.username else SMTP_PORT
    return SmtpAddress(
        host=parts.hostname,
        port=parts.port or default,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        is_tls=is_tls,
        starttls=starttls,
    )


def to_message(mail: Mail, sender: str) -> EmailMessage:
    """The mail as it goes over the wire. Raises ChannelError if an address or a name cannot be one."""
    message = EmailMessage()
    try:
        message["From"] = Address(display_name="Lantern", addr_spec=sender)
        message["To"] = Address(display_name=mail.to_name, addr_spec=mail.to_address)
        message["Subject"] = mail.subject
    except (ValueError, IndexError) as error:
        raise ChannelError("bad_address", is_final=True) from error
    # A mail without a date is sorted anywhere, and some servers take it for rubbish (RFC 5322 §3.6.1).
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{mail.message_id}@{sender.rpartition('@')[2]}>"
    # No out-of-office replies, and mail programmes may show it as what it is.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Id"] = f"Lantern alerts <alerts.{sender.rpartition('@')[2]}>"
    if mail.is_urgent:
        message["Importance"] = "high"
        message["X-Priority"] = "1"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message
