"""The demonstration's mail server and its page: receives every mail on loopback and shows it in the browser.

Mails rest as plain files in the demonstration's own folder. A real installation names its own SMTP server.
"""

import asyncio
import html
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import uvicorn
from aiosmtpd.smtp import SMTP
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

MAX_MAIL_BYTES = 1_000_000
# The host ends where a port, a path or the word ends: 127.0.0.1.example and localhost@example are elsewhere.
LINK = re.compile(r"https?://(?:127\.0\.0\.1|localhost)(?::\d+)?(?:/[^\s<]*|(?=[\s<]|$))")
STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f5f2;color:#1c2321}
main{max-width:46rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.4rem;margin:.2rem 0 0} p.note{margin:.2rem 0 1.2rem;color:#4a5551}
article{background:#fff;border:1px solid #d4d9d3;border-radius:8px;padding:1rem 1.2rem;margin:0 0 1rem}
h2{font-size:1.05rem;margin:0 0 .2rem} dl{margin:0 0 .8rem;color:#4a5551;font-size:.9rem}
dl div{display:flex;gap:.5rem} dt{min-width:3rem} dd{margin:0} a{color:#0b5d51;overflow-wrap:anywhere}
pre{white-space:pre-wrap;font:inherit;margin:0}
@media (prefers-color-scheme:dark){body{background:#15191a;color:#e6ebe8}
article{background:#1e2425;border-color:#364041} p.note,dl{color:#aab6b1} a{color:#7fd6c4}}
"""


class Keeper:
    """aiosmtpd handler: one file per mail."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is made if missing."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the mail; answer only once it is on disk."""
        partial = self._folder / f"{uuid4().hex}.part"
        partial.write_bytes(envelope.content)
        partial.rename(partial.with_suffix(".eml"))
        return "250 Kept"


def read_mails(folder: Path) -> list[EmailMessage]:
    """Every mail, newest first."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def text_of(mail: EmailMessage) -> str:
    """The plain-text part."""
    part = mail.get_body(preferencelist=("plain",))
    return str(part.get_content()) if part is not None else ""


def render(mails: list[EmailMessage]) -> str:
    """The page. Only http links to this machine become links."""
    cards = (
        "".join(_card(mail) for mail in mails)
        or "<p>No mail yet. It appears here when an alert is raised.</p>"
    )
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Demonstration mailbox</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="refresh" content="10">'
        f"<style>{STYLE}</style></head><body><main><h1>Demonstration mailbox</h1>"
        f'<p class="note">{len(mails)} mails. Everything Lantern sends in this demonstration lands here and'
        f" goes nowhere else.</p>{cards}</main></body></html>"
    )


def _card(mail: EmailMessage) -> str:
    body = html.escape(text_of(mail))
    body = LINK.sub(r'<a href="\g<0>">\g<0></a>', body)
    to, sent = html.escape(str(mail.get("To", ""))), html.escape(str(mail.get("Date", "")))
    return (
        f"<article><h2>{html.escape(str(mail.get('Subject', '')))}</h2><dl><div><dt>To</dt><dd>{to}</dd></div>"
        f"<div><dt>Sent</dt><dd>{sent}</dd></div></dl><pre>{body}</pre></article>"
    )


def create_page(folder: Path) -> Starlette:
    """The mailbox as a web application over ``folder``."""

    async def page(_request: Request) -> Response:
        return HTMLResponse(render(read_mails(folder)), headers={"Cache-Control": "no-store"})

    async def listing(_request: Request) -> Response:
        mails = [
            {"to": str(m["To"]), "subject": str(m["Subject"]), "text": text_of(m)} for m in read_mails(folder)
        ]
        return JSONResponse({"mails": mails}, headers={"Cache-Control": "no-store"})

    return Starlette(routes=[Route("/", page), Route("/mails.json", listing)])


async def serve_mailbox(folder: Path, *, smtp_port: int, page_port: int) -> None:
    """Receive mail and show it until cancelled or signalled. Loopback only."""
    keeper = Keeper(folder)
    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(
        lambda: SMTP(keeper, data_size_limit=MAX_MAIL_BYTES, enable_SMTPUTF8=True), "127.0.0.1", smtp_port
    )
    server = uvicorn.Server(
        uvicorn.Config(
            create_page(folder), host="127.0.0.1", port=page_port, log_level="warning", access_log=False
        )
    )
    async with smtp:
        await server.serve()
