"""Who listens to what, on which queue, by which clock; and a real worker that dies and is replaced."""

import ast
import gc
import json
import os
import signal
import subprocess
import sys
import time
import warnings
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from kombu import pools
from sqlalchemy import text

from server.kit.database_urls import for_libpq
from server.kit.db import Database
from server.kit.installation import Addresses, addresses_on
from server.kit.task_queue import install_task_queue
from server.settings import Settings, read_settings
from server.worker import LISTENERS, SCHEDULE, VISIBILITY_TIMEOUT_S, LanternCelery, QueueName, create_worker
from tests.kit.postgres import MASTER_KEY

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"LANTERN_DATA": str(tmp_path), "LANTERN_MASTER_KEY": MASTER_KEY.hex()})


NOWHERE = addresses_on("postgresql://o:p@127.0.0.1:1/nothing", MASTER_KEY)


def _announced() -> set[str]:
    """Every Message that a room defines."""
    found: set[str] = set()
    for path in (ROOT / "server").glob("*/messages.py"):
        tree = ast.parse(path.read_text())
        found |= {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    return found


def _fields(message: str) -> set[str]:
    for path in (ROOT / "server").glob("*/messages.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and node.name == message:
                return {
                    part.target.id
                    for part in node.body
                    if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
                }
    raise KeyError(message)


def test_every_message_stands_in_the_table_and_no_other() -> None:
    assert set(LISTENERS) == _announced()


@pytest.mark.parametrize("message", sorted(LISTENERS))
def test_a_listener_asks_only_for_what_the_message_carries(message: str) -> None:
    for listener in LISTENERS[message]:
        assert set(listener.fields) <= _fields(message) | {"seq"}


def test_every_task_that_is_named_exists(settings: Settings) -> None:
    app = create_worker(settings, NOWHERE)
    app.finalize()
    named = {listener.task for heard in LISTENERS.values() for listener in heard}
    named |= {one.task for one in SCHEDULE}
    assert named <= set(app.tasks)
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert named == ours, "a task that nothing sends"


def test_a_queue_s_name_fits_and_each_has_a_key_of_its_own(settings: Settings) -> None:
    app = create_worker(settings, NOWHERE)
    queues = app.amqp.queues
    assert set(queues) == {name.value for name in QueueName}
    assert all(len(name) <= 47 and queues[name].routing_key == name for name in queues)


@pytest.mark.parametrize(
    ("broker_url", "scheme", "option"),
    [
        (None, "pgmq", "conn_string"),
        ("pgmq://b:p@db:5432/queue", "pgmq", "conn_string"),
        ("amqp://guest:x@rabbit//", "amqp", None),
        ("redis://cache/0", "redis", "visibility_timeout"),
    ],
)
def test_the_broker_is_one_setting(
    tmp_path: Path, broker_url: str | None, scheme: str, option: str | None
) -> None:
    given = {"LANTERN_DATA": str(tmp_path), "LANTERN_MASTER_KEY": MASTER_KEY.hex()}
    if broker_url:
        given["BROKER_URL"] = broker_url
    app = create_worker(read_settings(given), NOWHERE)
    assert app.conf.broker_url.startswith(scheme)
    options = app.conf.broker_transport_options
    assert (option in options) if option else options == {}
    assert app.conf.broker_heartbeat == 5


def test_a_killed_worker_gives_back_within_ten_seconds_and_nothing_is_hoarded(settings: Settings) -> None:
    conf = create_worker(settings, NOWHERE).conf
    assert VISIBILITY_TIMEOUT_S < 10
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.accept_content == ["json"]
    assert not conf.worker_enable_remote_control


@pytest.fixture
def app(settings: Settings, addresses: Addresses) -> Iterator[LanternCelery]:
    """A Celery app that sends to the real broker."""
    yield create_worker(settings, addresses)
    # Kombu's pools belong to the process and would outlive the app; the connections its transport merely
    # forgets are collected here, where a warning about them cannot fall on some later test.
    pools.reset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


class RealWorker:
    """``python -m server worker`` as its own process group."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "server", "worker", "--concurrency", "1"],
                cwd=ROOT,
                env=environment,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(30)


@pytest.fixture
def addresses(owner_url: str, empty_database: None) -> Addresses:
    found = addresses_on(owner_url, MASTER_KEY)
    install_task_queue(found.owner, found.broker)
    return found


@pytest.fixture
def environment(owner_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LANTERN_DATA": str(tmp_path),
        "LANTERN_MASTER_KEY": MASTER_KEY.hex(),
        "DATABASE_URL": for_libpq(owner_url),
        "SMTP_URL": "smtp://127.0.0.1:1",
    }


@pytest.fixture
def workers() -> Iterator[list[RealWorker]]:
    started: list[RealWorker] = []
    yield started
    for one in started:
        if one.process.poll() is None:
            one.kill()


def _seen(system_database: Database) -> bool:
    with system_database.read() as session:
        statement = text("SELECT count(*) FROM process_heartbeat WHERE name = 'worker'")
        return bool(session.execute(statement).scalar_one())


def _until(condition: Any, timeout_s: float) -> float:
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < timeout_s, "it did not come"
        time.sleep(0.05)
    return time.monotonic() - started


@pytest.mark.timeout(180)
def test_what_a_killed_worker_held_is_done_by_the_next(
    app: LanternCelery,
    environment: dict[str, str],
    system_database: Database,
    workers: list[RealWorker],
    tmp_path: Path,
) -> None:
    with system_database.write() as blocker:
        # The task waits for this lock, so that the worker dies with it in its hands.
        blocker.execute(text("LOCK TABLE process_heartbeat IN ACCESS EXCLUSIVE MODE"))
        app.send_task("worker.heartbeat", queue=QueueName.UPKEEP.value)
        workers.append(RealWorker(environment, tmp_path / "first.log"))
        _until(lambda: _is_waiting(system_database), 60)
        workers[0].kill()
    assert not _seen(system_database)
    workers.append(RealWorker(environment, tmp_path / "second.log"))
    _until(lambda: _seen(system_database), 60)
    assert workers[1].stop() == 0


def _is_waiting(system_database: Database) -> bool:
    with system_database.read() as session:
        statement = text(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'lantern-worker'"
            " AND wait_event_type = 'Lock'"
        )
        return bool(session.execute(statement).scalar_one())


def test_what_travels_is_ids_only(app: LanternCelery, addresses: Addresses) -> None:
    event_id = str(uuid4())
    app.send_task("routing.raise_alert", kwargs={"event_id": event_id}, queue=QueueName.ALERTS.value)
    broker = Database(addresses.broker, pool_size=1)
    with broker.read() as session:
        waiting = session.execute(text("SELECT message FROM pgmq.q_lantern_alerts")).scalars().all()
    broker.close()
    bodies = [json.loads(b64decode(message["body"])) for message in waiting]
    # Other tests of this database may have left tasks of theirs.
    (ours,) = (body for body in bodies if event_id in str(body))
    arguments, named, _ = ours
    assert (arguments, named) == ([], {"event_id": event_id})
