"""The courier against a real loopback server that fails in every way: nothing lost, nothing counted twice."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.spool.limits import Lane
from agent.spool.store import Spool
from agent.uplink.backoff import Backoff
from agent.uplink.client import Address, Requests, Socket
from agent.uplink.courier import Clocks, Courier, VitalSigns
from agent.uplink.enrol import enrol
from agent.uplink.identity import Identity
from agent.uplink.protocol import Conversation
from shared.taxonomy import Severity
from tests.kit.loopback_server import LOGIN_PAGE, RESET_AFTER, RESET_BEFORE, Fault, LoopbackServer
from tests.kit.passages import some_evidence

SIGNS = VitalSigns("watching", "2026.11.1", "0.1.0", {"passages_seen": 3})


class Device:
    """An enrolled device's spool and courier, without the rest of the agent."""

    def __init__(self, folder: Path, server: LoopbackServer, *, has_socket: bool = True) -> None:
        self.policies: list[dict[str, object]] = []
        address = Address(server.url)
        requests = Requests(address, timeout_s=3.0)
        identity = Identity(folder)
        enrolment = enrol(
            folder, identity, requests, token="let-me-in", platform="linux", agent_version="0.1.0"
        )
        self.spool = Spool(folder, enrolment.server_key, unix_s=time.time)
        self.courier = Courier(
            self.spool,
            identity,
            enrolment,
            requests=requests,
            open_socket=lambda heard: Socket(address, heard, timeout_s=3.0) if has_socket else None,
            conversation=Conversation(
                now=time.monotonic(), backoff=lambda _: Backoff(0.2, lambda _, high: high)
            ),
            clocks=Clocks(time.monotonic, lambda: datetime.now(UTC)),
            vital_signs=lambda: SIGNS,
            on_policy=self.policies.append,
        )
        self.spool.on_put = self.courier.wake

    def is_empty(self) -> bool:
        return sum(self.spool.depth().values()) == 0

    def close(self) -> None:
        self.courier.stop()
        self.spool.close()


@contextmanager
def device_of(folder: Path, server: LoopbackServer, *, has_socket: bool = True) -> Iterator[Device]:
    device = Device(folder, server, has_socket=has_socket)
    try:
        yield device
    finally:
        device.close()


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer().serve() as started:
        yield started


FAULTS: list[Fault] = [RESET_BEFORE, RESET_AFTER, LOGIN_PAGE, 401, 403, 409, 413, 429, 500, 503]


@pytest.mark.parametrize("has_socket", [True, False], ids=["websocket", "http"])
@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in (403, 409)])
def test_no_fault_loses_or_doubles(
    tmp_path: Path, server: LoopbackServer, fault: Fault, has_socket: bool
) -> None:
    server.has_socket = has_socket
    put = [
        some_evidence(Severity(1 + n % 5), screenshot=bytes(900) if n % 3 == 0 else None) for n in range(9)
    ]
    with device_of(tmp_path, server, has_socket=has_socket) as device:
        for evidence in put:
            device.spool.put(evidence)
        server.faults = [fault, fault]
        server.blob_faults = [fault] if fault != 413 else []
        device.courier.start()
        assert server.wait_until(device.is_empty)
        assert device.spool.losses() == {}
    assert set(server.events) == {evidence.header.id for evidence in put}
    assert len(server.order) == len(set(server.order)) == 9
    assert set(server.blobs) == {evidence.header.id for evidence in put[::3]}
    if fault == RESET_AFTER:
        assert max(server.arrivals.values()) > 1


@pytest.mark.parametrize("status", [403, 409])
def test_what_waits_long_still_loses_nothing(tmp_path: Path, server: LoopbackServer, status: int) -> None:
    evidence = some_evidence()
    with device_of(tmp_path, server, has_socket=False) as device:
        device.spool.put(evidence)
        server.faults = [status]
        device.courier.start()
        assert server.wait_until(lambda: not server.faults)
        if status == 403:
            assert server.wait_until(device.is_empty)
        else:
            assert server.wait_until(lambda: server.heartbeats)
            assert "other_version" in server.heartbeats[-1].reasons
            assert device.spool.depth()[Lane.URGENT] == 1
        assert device.spool.losses() == {}


def test_a_server_that_is_away_comes_back(tmp_path: Path) -> None:
    server = LoopbackServer()
    with server.serve(), device_of(tmp_path, server) as first:
        first.courier.start()
        assert server.wait_until(lambda: server.heartbeats)
    with server.serve():
        device = Device(tmp_path, server)
    try:
        put = [some_evidence() for _ in range(3)]
        for evidence in put:
            device.spool.put(evidence)
        device.courier.start()
        time.sleep(0.6)
        assert device.spool.depth()[Lane.URGENT] == 3
        with server.serve():
            assert server.wait_until(device.is_empty)
    finally:
        device.close()
    assert set(server.events) == {evidence.header.id for evidence in put}


def test_one_rejected_item_is_counted_and_the_rest_arrives(tmp_path: Path, server: LoopbackServer) -> None:
    put = [some_evidence(screenshot=bytes(300)) for _ in range(4)]
    server.rejects = {put[1].header.id}
    with device_of(tmp_path, server) as device:
        for evidence in put:
            device.spool.put(evidence)
        device.courier.start()
        assert server.wait_until(device.is_empty)
        assert device.spool.losses() == {"refused:bad_seal": 2}
    assert set(server.events) == {evidence.header.id for evidence in put} - server.rejects
    assert len(server.blobs) == 3


def test_a_poisoned_item_is_found_by_halving(tmp_path: Path, server: LoopbackServer) -> None:
    with device_of(tmp_path, server, has_socket=False) as device:
        put = [some_evidence(Severity.LEVEL_2) for _ in range(5)]
        for evidence in put:
            device.spool.put(evidence)
        server.poison = put[2].header.id
        device.courier.start()
        assert server.wait_until(device.is_empty)
        assert device.spool.losses() == {"refused:malformed": 1}
    assert set(server.events) == {evidence.header.id for evidence in put} - {put[2].header.id}


def test_a_put_goes_out_at_once_over_the_websocket(tmp_path: Path, server: LoopbackServer) -> None:
    with device_of(tmp_path, server) as device:
        device.courier.start()
        assert server.wait_until(lambda: server.heartbeats)
        started = time.monotonic()
        device.spool.put(some_evidence())
        assert server.wait_until(lambda: server.events)
        assert time.monotonic() - started < 1.0
        assert server.carriers == {"websocket": 2}
        assert device.courier.bytes_sent > 0


def test_http_carries_where_the_websocket_is_not_let_through(tmp_path: Path, server: LoopbackServer) -> None:
    server.has_socket = False
    with device_of(tmp_path, server) as device:
        device.spool.put(some_evidence())
        device.courier.start()
        assert server.wait_until(device.is_empty)
    assert server.carriers["http"] >= 1
    assert server.carriers["websocket"] == 0


def test_heartbeats_carry_counters_and_bring_the_policy(tmp_path: Path, server: LoopbackServer) -> None:
    server.policy = {"context_minutes": 5}
    with device_of(tmp_path, server) as device:
        device.courier.start()
        assert server.wait_until(lambda: server.heartbeats)
        device.courier.report()
        assert server.wait_until(lambda: len(server.heartbeats) == 2)
        assert device.policies[0] == {"context_minutes": 5}
    heartbeat = server.heartbeats[0]
    assert (heartbeat.state, heartbeat.counters) == ("watching", {"passages_seen": 3})


def test_a_revoked_device_keeps_asking_and_keeps_everything(tmp_path: Path, server: LoopbackServer) -> None:
    with device_of(tmp_path, server) as device:
        device.spool.put(some_evidence())
        server.token_faults = [401, 401, 401]
        device.courier.start()
        assert server.wait_until(lambda: not server.token_faults)
        assert server.wait_until(device.is_empty)
    assert len(server.events) == 1
