"""Every mail of the demonstration is kept and shown, and nothing in one can reach out of the page."""

import asyncio
import json
import smtplib
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP
from starlette.testclient import TestClient

from server.demonstration.mailbox import MAX_MAIL_BYTES, Keeper, create_page, read_mails, render, text_of


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


def test_a_mail_cannot_write_markup() -> None:
    page = render([mail("<b>hi</b>", '<script>x</script> "quoted" <img src=x onerror=y>\n')])
    assert "<script>" not in page
    assert "<b>hi" not in page
    assert "<img" not in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8731/acknowledge#token=a.b-c_d",
        "http://localhost:8731/a?t=1",
        "http://127.0.0.1:8731",
    ],
)
def test_addresses_of_this_machine_become_links(address: str) -> None:
    assert f'<a href="{address}">{address}</a>' in render([mail(text=f"Open {address} now\n")])
    assert f'<a href="{address}">{address}</a>' in render([mail(text=f"{address}\n")])


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/",
        "http://127.0.0.1.elsewhere.example/",
        "http://localhost.elsewhere.example",
        "http://localhost@elsewhere.example/",
        "http://127.0.0.1:80@elsewhere.example/",
        "http://elsewhere.example/?127.0.0.1",
        "javascript:alert(1)//http",
    ],
)
def test_addresses_elsewhere_stay_text(address: str) -> None:
    page = render([mail(text=f"Open {address} now\n")])
    assert "<a " not in page
    assert address in page


def test_a_link_cannot_break_out_of_its_quotes() -> None:
    page = render([mail(text='http://127.0.0.1/"onmouseover="x\n')])
    assert '"onmouseover' not in page


@dataclass(frozen=True)
class Served:
    """The mailbox as the demonstration starts it."""

    smtp_port: int
    page: str
    folder: Path

    def send(self, *mails: EmailMessage) -> None:
        """By SMTP, as notification does."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as client:
            for one in mails:
                client.send_message(one)

    def get(self, path: str) -> str:
        """What a browser gets."""
        with urllib.request.urlopen(self.page + path, timeout=20) as answer:
            text: str = answer.read().decode()
            return text

    def subjects(self) -> list[str]:
        """Newest first."""
        return [one["subject"] for one in json.loads(self.get("/mails.json"))["mails"]]


def two_free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A process of its own, ended as the supervisor ends it."""
    folder = tmp_path_factory.mktemp("mailbox") / "mail"
    smtp_port, page_port = two_free_ports()
    command = [sys.executable, "-m", "server", "mailbox", "--folder", str(folder)]
    command += ["--smtp-port", str(smtp_port), "--page-port", str(page_port)]
    with ExitStack() as stack:
        process = stack.enter_context(subprocess.Popen(command))
        stack.callback(process.terminate)
        box = Served(smtp_port, f"http://127.0.0.1:{page_port}", folder)
        deadline = time.monotonic() + 60
        while True:
            try:
                box.get("/")
                break
            except OSError:
                assert time.monotonic() < deadline, "the mailbox did not answer"
                assert process.poll() is None, "the mailbox ended"
                time.sleep(0.1)
        yield box


def test_a_mail_sent_by_smtp_is_on_the_page_and_in_the_list(served: Served) -> None:
    served.send(mail("Level 4 alert at Fernhollow <Academy>", "Grüße: http://127.0.0.1:8731/a\n"))
    (listed,) = json.loads(served.get("/mails.json"))["mails"]
    assert listed["to"] == "dsl@demo.example"
    assert listed["subject"] == "Level 4 alert at Fernhollow <Academy>"
    assert listed["text"].splitlines() == ["Grüße: http://127.0.0.1:8731/a"]
    page = served.get("/")
    assert "Level 4 alert at Fernhollow &lt;Academy&gt;" in page
    assert '<a href="http://127.0.0.1:8731/a">' in page
    assert "1 mails" in page


def test_what_is_too_large_is_refused_and_the_rest_still_comes(served: Served) -> None:
    before = served.subjects()
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        served.send(mail("huge", "x" * 70 + "\n" + ("y" * 70 + "\n") * (MAX_MAIL_BYTES // 70)))
    assert refused.value.smtp_code == 552
    served.send(mail("after"))
    assert served.subjects() == ["after", *before]
    assert not list(served.folder.glob("*.part"))


def test_only_this_machine_reaches_it(served: Served) -> None:
    """Both doors are bound to loopback: at another address of this machine nobody answers."""
    page_port = int(served.page.rpartition(":")[2])
    listening = [
        line.split()[1].split(":")
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    bound = {address for address, port in listening if int(port, 16) in {served.smtp_port, page_port}}
    assert bound == {"0100007F"}
