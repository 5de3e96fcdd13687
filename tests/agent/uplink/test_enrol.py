"""Enrolment against a real loopback server: admitted, refused, or to be asked again."""

from pathlib import Path

import pytest

from agent.uplink.client import Address, Requests
from agent.uplink.enrol import EnrolmentRefusedError, EnrolmentUnavailableError, enrol
from agent.uplink.identity import Enrolment, Identity, read_enrolment
from tests.kit.loopback_server import LoopbackServer


def ask(folder: Path, url: str, token: str = "let-me-in") -> Enrolment:
    requests = Requests(Address(url), timeout_s=5.0)
    return enrol(folder, Identity(folder), requests, token=token, platform="linux", agent_version="1")


def test_admitted_and_kept(tmp_path: Path) -> None:
    with LoopbackServer().serve() as server:
        enrolment = ask(tmp_path, server.url)
        assert enrolment == Enrolment(server.device_id, "Northfield", server.server_key)
        assert ask(tmp_path, server.url) == enrolment
    assert read_enrolment(tmp_path) == enrolment


def test_refused(tmp_path: Path) -> None:
    with LoopbackServer().serve() as server, pytest.raises(EnrolmentRefusedError):
        ask(tmp_path, server.url, "wrong")
    assert read_enrolment(tmp_path) is None


def test_nobody_there(tmp_path: Path) -> None:
    server = LoopbackServer()
    with server.serve():
        url = server.url
    with pytest.raises(EnrolmentUnavailableError, match="no answer"):
        ask(tmp_path, url)
