"""The dispatcher: each Message reaches each listener at least once, whatever fails in between."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from server import dispatch
from server.dispatch import BrokerUnavailableError, Dispatcher
from server.kit.db import Database
from server.kit.outbox import announce
from server.worker import Listener, QueueName

pytestmark = pytest.mark.usefixtures("empty_database")


@dataclass(frozen=True, slots=True)
class LampLit:
    lamp_id: UUID
    room_id: UUID


BRIGHTEN = Listener("lamp.brighten", QueueName.ALERTS, ("lamp_id",))
COUNT = Listener("lamp.count", QueueName.BOARD, ("seq",))


@pytest.fixture(autouse=True)
def listeners(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "LISTENERS", {"LampLit": (BRIGHTEN, COUNT)})


class RecordingBroker:
    """Takes tasks; fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.taken: list[tuple[str, Mapping[str, Any]]] = []

    def __call__(self, listener: Listener, arguments: Mapping[str, Any]) -> None:
        if self.failures:
            self.failures -= 1
            raise BrokerUnavailableError("gone")
        self.taken.append((listener.task, arguments))

    def lamps(self) -> list[str]:
        return [arguments["lamp_id"] for task, arguments in self.taken if task == BRIGHTEN.task]


def _light(system_database: Database, count: int = 1) -> list[str]:
    lamps = [LampLit(uuid4(), uuid4()) for _ in range(count)]
    with system_database.write() as session:
        for lamp in lamps:
            announce(session, lamp)
    return [str(lamp.lamp_id) for lamp in lamps]


def _waiting(system_database: Database) -> int:
    with system_database.read() as session:
        statement = text("SELECT count(*) FROM outbox WHERE dispatched_at IS NULL")
        return int(session.execute(statement).scalar_one())


@contextmanager
def _running(dispatcher: Dispatcher, stopping: threading.Event) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=dispatcher.run)
    thread.start()
    try:
        yield thread
    finally:
        stopping.set()
        thread.join(10)
        assert not thread.is_alive()


def _until(condition: Any, timeout_s: float = 10) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def test_each_listener_gets_only_what_it_names(system_database: Database) -> None:
    (lamp,) = _light(system_database)
    broker = RecordingBroker()
    assert Dispatcher(system_database, broker, threading.Event()).dispatch_once() == 1
    (first, second) = broker.taken
    assert first == ("lamp.brighten", {"lamp_id": lamp})
    assert second[0] == "lamp.count"
    assert set(second[1]) == {"seq"}
    assert _waiting(system_database) == 0


def test_what_the_broker_does_not_take_stays_and_goes_later(system_database: Database) -> None:
    lamps = _light(system_database, 3)
    broker = RecordingBroker(failures=1)
    dispatcher = Dispatcher(system_database, broker, threading.Event())
    with pytest.raises(BrokerUnavailableError):
        dispatcher.dispatch_once()
    assert _waiting(system_database) == 3
    assert dispatcher.dispatch_once() == 3
    assert broker.lamps() == lamps


def test_a_crash_after_sending_sends_again(
    system_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    (lamp,) = _light(system_database)
    broker = RecordingBroker()
    dispatcher = Dispatcher(system_database, broker, threading.Event())

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(dispatch, "mark_dispatched", die)
        with pytest.raises(KeyboardInterrupt):
            dispatcher.dispatch_once()
    assert dispatcher.dispatch_once() == 1
    assert broker.lamps() == [lamp, lamp]


def test_a_message_without_listeners_is_done_with(system_database: Database) -> None:
    with system_database.write() as session:
        session.execute(text("INSERT INTO outbox (name, payload) VALUES ('NobodyCares', '{}')"))
    assert Dispatcher(system_database, RecordingBroker(), threading.Event()).dispatch_once() == 1
    assert _waiting(system_database) == 0


def test_two_dispatchers_share_the_work(system_database: Database) -> None:
    lamps = _light(system_database, 300)
    broker = RecordingBroker()
    stopping = threading.Event()
    with (
        _running(Dispatcher(system_database, broker, stopping), stopping),
        _running(Dispatcher(system_database, broker, stopping), stopping),
    ):
        _until(lambda: _waiting(system_database) == 0)
    assert sorted(broker.lamps()) == sorted(lamps)


def test_the_loop_outlives_an_outage_and_ends_when_told(
    system_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "LONGEST_BACK_OFF_S", 0.2)
    broker = RecordingBroker(failures=4)
    stopping = threading.Event()
    with _running(Dispatcher(system_database, broker, stopping), stopping):
        (lamp,) = _light(system_database)
        _until(lambda: broker.lamps() == [lamp])
        _until(lambda: _waiting(system_database) == 0)
    with system_database.read() as session:
        seen = session.execute(text("SELECT count(*) FROM process_heartbeat WHERE name = 'dispatch'"))
        assert seen.scalar_one() == 1


def test_the_loop_outlives_a_database_that_is_gone() -> None:
    gone = Database("postgresql+psycopg://nobody:x@127.0.0.1:1/nothing", pool_size=1)
    stopping = threading.Event()
    with _running(Dispatcher(gone, RecordingBroker(), stopping), stopping) as thread:
        time.sleep(0.5)
        assert thread.is_alive()
    gone.close()
