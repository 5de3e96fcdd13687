"""The way from a bare clone to uv: pages of both kinds, relative links, and a wheel nobody pinned refused."""

import hashlib
import importlib
import io
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.sources import ROOT

VERSION = "9.9.9"
PROGRAM = b"#!/bin/sh\necho uv 9.9.9\n"


@pytest.fixture
def fetch_uv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The module under test, with pins and a tools folder of its own."""
    monkeypatch.syspath_prepend(str(ROOT / ".ci"))
    module = importlib.import_module("fetch_uv")
    monkeypatch.setattr(module, "TOOLS", tmp_path)
    monkeypatch.setattr(module, "PINS", tmp_path / "uv.txt")
    monkeypatch.setattr(importlib.import_module("steps"), "PAUSES_S", ())
    return module


@pytest.fixture
def wheel(fetch_uv: ModuleType) -> tuple[str, bytes]:
    """The name and bytes of a wheel for this platform."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(f"uv-{VERSION}.data/scripts/uv", PROGRAM)
        archive.writestr("uv/__init__.py", "")
    return f"uv-{VERSION}-py3-none-{fetch_uv.platform_tags()[0]}.whl", held.getvalue()


class Index:
    """A package index on loopback: answers what a test put there."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, bytes]] = {}
        self.wants: str | None = None
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                allowed = index.wants is None or self.headers.get("Authorization") == index.wants
                kind, body = index.pages.get(self.path, ("", b""))
                self.send_response((200 if kind else 404) if allowed else 401)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(body if allowed else b"")

            def log_message(self, format: str, *arguments: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def host(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.server.server_port}"


@pytest.fixture
def index() -> Iterator[Index]:
    """An index for one test."""
    held = Index()
    yield held
    held.server.shutdown()
    held.server.server_close()


def pin(fetch_uv: ModuleType, content: bytes) -> None:
    """Trust ``content``."""
    digest = hashlib.sha256(content).hexdigest()
    fetch_uv.PINS.write_text(f"uv=={VERSION} \\\n    --hash=sha256:{digest}\n")


def html_page(name: str) -> tuple[str, bytes]:
    """A PEP 503 page whose link is relative and carries a fragment."""
    return (
        "text/html",
        f'<html><body><a href="../../files/{name}#sha256=00">{name}</a></body></html>'.encode(),
    )


def json_page(name: str) -> tuple[str, bytes]:
    """A PEP 691 page whose address is relative."""
    body = f'{{"files": [{{"filename": "{name}", "url": "../../files/{name}"}}]}}'
    return "application/vnd.pypi.simple.v1+json", body.encode()


@pytest.mark.parametrize("page", [html_page, json_page])
def test_uv_comes_from_an_index_with_relative_links(
    fetch_uv: ModuleType, index: Index, wheel: tuple[str, bytes], page: object, tmp_path: Path
) -> None:
    """Both kinds of page lead to a program that runs."""
    name, content = wheel
    pin(fetch_uv, content)
    index.pages = {"/simple/uv/": page(name), f"/files/{name}": ("application/zip", content)}  # type: ignore[operator]
    fetched = fetch_uv._by_index(f"http://{index.host}/simple/")
    fetch_uv.wheel_to_binary(fetched, tmp_path / "uv")
    assert (tmp_path / "uv").read_bytes() == PROGRAM
    assert fetch_uv._version_of(tmp_path / "uv") == (9, 9, 9)


def test_a_wheel_that_nobody_pinned_is_refused(
    fetch_uv: ModuleType, index: Index, wheel: tuple[str, bytes]
) -> None:
    """An index that was tampered with gets no further than this."""
    name, content = wheel
    pin(fetch_uv, b"something else")
    index.pages = {"/simple/uv/": html_page(name), f"/files/{name}": ("application/zip", content)}
    with pytest.raises(fetch_uv.SetupError, match="sha256"):
        fetch_uv._by_index(f"http://{index.host}/simple/")


def test_a_name_and_password_in_the_address_are_used(
    fetch_uv: ModuleType, index: Index, wheel: tuple[str, bytes]
) -> None:
    """A private mirror asks who we are, on the page and on the file."""
    name, content = wheel
    pin(fetch_uv, content)
    index.pages = {"/simple/uv/": html_page(name), f"/files/{name}": ("application/zip", content)}
    index.wants = "Basic YW5uYTpvcGVu"  # anna:open
    assert fetch_uv._by_index(f"http://anna:open@{index.host}/simple/").name == name


def test_indexes_are_read_from_where_pip_reads_them(
    fetch_uv: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The environment first, then the home's pip settings."""
    (tmp_path / ".config" / "pip").mkdir(parents=True)
    (tmp_path / ".config" / "pip" / "pip.conf").write_text("[global]\nindex-url = http://mirror.example/b\n")
    for name in ("UV_INDEX_URL", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://mirror.example/a/")
    found = fetch_uv.configured_indexes()
    assert found[:2] == ["http://mirror.example/a/", "http://mirror.example/b/"]


def test_without_any_way_the_message_says_what_to_set(
    fetch_uv: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is left with a traceback."""
    monkeypatch.setattr(fetch_uv.shutil, "which", lambda _name: None)
    monkeypatch.setattr(fetch_uv, "_has_pip", lambda _python: False)
    monkeypatch.setattr(fetch_uv, "_own_pip", lambda: None)
    monkeypatch.setattr(fetch_uv, "configured_indexes", list)
    monkeypatch.setattr(fetch_uv, "is_root_with_apt", lambda: False)
    with pytest.raises(fetch_uv.SetupError, match="UV_DEFAULT_INDEX"):
        fetch_uv.find_uv()


def test_an_old_python_gets_a_sentence() -> None:
    """The entry file can be read by a Python that cannot run the rest."""
    text = (ROOT / ".ci" / "bootstrap.py").read_text()
    head = text.partition("import desktop")[0]
    assert "sys.version_info < OLDEST" in head
    assert sys.version_info >= (3, 11)
