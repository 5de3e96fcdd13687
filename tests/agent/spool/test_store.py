"""The spool: nothing is lost by a kill, nothing readable rests on disk, limits drop in order and are counted."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest

from agent.spool.limits import Lane, Limits
from agent.spool.store import Spool
from shared.taxonomy import Severity
from shared.wire import decode_body, from_base64
from tests.kit.loopback_server import LoopbackServer
from tests.kit.passages import WORDS, some_evidence

ROOT = Path(__file__).resolve().parents[3]
PICTURE = b"\xff\xd8picture"


class Clock:
    def __init__(self) -> None:
        self.at = 1_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def server() -> LoopbackServer:
    return LoopbackServer()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def spool(tmp_path: Path, server: LoopbackServer, clock: Clock):  # type: ignore[no-untyped-def]
    opened = Spool(tmp_path, server.server_key, unix_s=clock)
    yield opened
    opened.close()


def test_what_was_put_is_peeked_until_acknowledged(spool: Spool, server: LoopbackServer) -> None:
    evidence = some_evidence()
    spool.put(evidence)
    for _ in range(2):
        (waiting,) = spool.peek_events(Lane.URGENT, 10)
        assert waiting.item.header == evidence.header
    context = b"body:" + str(waiting.id).encode()
    assert decode_body(server.open_sealed(from_base64(waiting.item.sealed_body), context)) == evidence.body
    spool.ack_events([waiting.id])
    assert spool.peek_events(Lane.URGENT, 10) == []
    assert spool.losses() == {}


def test_lanes_and_order(spool: Spool) -> None:
    urgent = [some_evidence(Severity.LEVEL_5) for _ in range(3)]
    ordinary = some_evidence(Severity.LEVEL_2)
    for evidence in (*urgent, ordinary):
        spool.put(evidence)
    ids = [evidence.header.id for evidence in urgent]
    assert [one.id for one in spool.peek_events(Lane.URGENT, 2)] == ids[:2]
    assert [one.id for one in spool.peek_events(Lane.URGENT, 2, newest_first=True)] == ids[:0:-1]
    assert [one.id for one in spool.peek_events(Lane.ORDINARY, 9)] == [ordinary.header.id]
    assert spool.ready() == {Lane.URGENT: 3, Lane.ORDINARY: 1}


def test_a_screenshot_waits_for_its_event(spool: Spool, server: LoopbackServer) -> None:
    evidence = some_evidence(screenshot=PICTURE)
    event_id = evidence.header.id
    spool.put(evidence)
    assert spool.peek_blob() is None
    assert spool.depth() == {Lane.URGENT: 1, Lane.ORDINARY: 0, Lane.BLOB: 1}
    (waiting,) = spool.peek_events(Lane.URGENT, 1)
    spool.ack_events([event_id])
    blob = spool.peek_blob()
    assert blob is not None
    assert (blob.event_id, blob.sha256) == (event_id, waiting.item.header.evidence_sha256)
    assert blob.sha256 == hashlib.sha256(blob.sealed).hexdigest()
    assert server.open_sealed(blob.sealed, b"blob:" + str(event_id).encode()) == PICTURE
    spool.ack_blob(event_id)
    assert sum(spool.depth().values()) == 0


def test_refused_rows_are_counted(spool: Spool) -> None:
    evidence = some_evidence(screenshot=PICTURE)
    spool.put(evidence)
    spool.refuse_events([evidence.header.id], "refused:bad_seal")
    assert sum(spool.depth().values()) == 0
    assert spool.losses() == {"refused:bad_seal": 2}
    other = some_evidence(screenshot=PICTURE)
    spool.put(other)
    spool.ack_events([other.header.id])
    spool.refuse_blob(other.header.id, "refused:blob_refused")
    assert spool.losses()["refused:blob_refused"] == 1


def test_nothing_readable_rests_on_disk(tmp_path: Path, spool: Spool) -> None:
    evidence = some_evidence(screenshot=PICTURE * 50)
    spool.put(evidence)
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (WORDS.encode(), b"Year 9 chat", b"mokafor", b"T05", PICTURE):
        assert secret not in on_disk
    assert spool.bytes_to_disk > 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.glob("*.key"))


def test_putting_twice_is_once(spool: Spool) -> None:
    evidence = some_evidence()
    spool.put(evidence)
    spool.put(evidence)
    assert spool.depth()[Lane.URGENT] == 1


def test_putting_wakes(spool: Spool) -> None:
    woken: list[int] = []
    spool.on_put = lambda: woken.append(spool.depth()[Lane.URGENT])
    spool.put(some_evidence())
    assert woken == [1]


def test_age_drops_pictures_and_ordinary_but_never_urgent(spool: Spool, clock: Clock) -> None:
    spool.put(some_evidence(Severity.LEVEL_5, screenshot=PICTURE))
    spool.put(some_evidence(Severity.LEVEL_1))
    clock.at += 15 * 86_400
    spool.put(some_evidence(Severity.LEVEL_5))
    assert spool.depth() == {Lane.URGENT: 2, Lane.ORDINARY: 0, Lane.BLOB: 0}
    assert spool.losses() == {"too_old": 2}


def test_size_drops_the_oldest_picture_first(tmp_path: Path, server: LoopbackServer, clock: Clock) -> None:
    limited = Spool(tmp_path, server.server_key, unix_s=clock, limits=Limits(max_bytes=60_000))
    try:
        first, second = (some_evidence(Severity.LEVEL_2, screenshot=bytes(25_000)) for _ in range(2))
        limited.put(first)
        limited.put(second)
        assert limited.losses() == {}
        urgent = some_evidence(Severity.LEVEL_5, screenshot=bytes(25_000))
        limited.put(urgent)
        assert limited.losses() == {"too_large": 1}
        limited.ack_events([first.header.id])
        assert limited.peek_blob() is None
        for _ in range(80):
            limited.put(some_evidence(Severity.LEVEL_5))
        assert limited.depth()[Lane.URGENT] == 81
        assert limited.depth()[Lane.BLOB] == 0
        assert limited.depth()[Lane.ORDINARY] == 0
    finally:
        limited.close()


def test_rows_of_another_key_are_counted_and_do_not_block(
    tmp_path: Path, server: LoopbackServer, clock: Clock
) -> None:
    before = Spool(tmp_path, server.server_key, unix_s=clock)
    before.put(some_evidence())
    before.close()
    (tmp_path / "spool.key").unlink()
    after = Spool(tmp_path, server.server_key, unix_s=clock)
    try:
        fresh = some_evidence()
        after.put(fresh)
        after.peek_events(Lane.URGENT, 10)
        assert [one.id for one in after.peek_events(Lane.URGENT, 10)] == [fresh.header.id]
        assert after.losses() == {"unreadable": 1}
    finally:
        after.close()


WRITER = """
import sys, time
from pathlib import Path
from agent.spool.store import Spool
from tests.kit.passages import some_evidence
spool = Spool(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), unix_s=time.time)
while True:
    evidence = some_evidence(screenshot=bytes(20_000))
    spool.put(evidence)
    sys.stdout.write(f"{evidence.header.id}\\n")
    sys.stdout.flush()
"""


@pytest.mark.parametrize("after_rows", [1, 7, 23])
def test_kill_9_in_the_middle_of_writing_loses_nothing_that_was_put(
    tmp_path: Path, server: LoopbackServer, after_rows: int
) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path), server.server_key.hex()],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    promised = [UUID(writer.stdout.readline().strip()) for _ in range(after_rows)]
    time.sleep(0.003 * after_rows)
    os.kill(writer.pid, signal.SIGKILL)
    promised += [UUID(line.strip()) for line in writer.stdout.read().splitlines() if len(line) == 36]
    writer.stdout.close()
    writer.wait(10)
    spool = Spool(tmp_path, server.server_key, unix_s=time.time)
    try:
        kept = {one.id for one in spool.peek_events(Lane.URGENT, 100_000)}
        assert set(promised) <= kept
        assert spool.losses() == {}
        for event_id in kept:
            spool.ack_events([event_id])
            blob = spool.peek_blob()
            assert blob is not None
            assert blob.event_id == event_id
            spool.ack_blob(event_id)
    finally:
        spool.close()
