"""The dispatcher: hands every announced Message to the tasks that listen to it, and nothing else.

A Message is marked as handed over in the transaction that took it, after the broker has it: a crash
between the two hands it over again, never drops it. Tasks are idempotent.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from server.kit.db import Database
from server.kit.health import beat
from server.kit.outbox import OutboxRow, mark_dispatched, take_undispatched
from server.worker import LISTENERS, LanternCelery, Listener

PERIOD_S = 0.1
LONGEST_BACK_OFF_S = 5.0
BATCH = 200
BEAT_EVERY_S = 5.0
NAME = "dispatch"

_log = logging.getLogger(__name__)

Send = Callable[[Listener, Mapping[str, Any]], None]


class BrokerUnavailableError(Exception):
    """The broker did not take a task; the Message stays where it is."""


class Dispatcher:
    """The loop, until ``stopping`` is set; the batch in hand is finished first."""

    def __init__(self, system_database: Database, send: Send, stopping: threading.Event) -> None:
        self._database = system_database
        self._send = send
        self._stopping = stopping

    def run(self) -> None:
        """Until stopped: dispatch, wait a tenth of a second; after a failure wait longer each time."""
        _log.info("ready to dispatch")
        back_off_s = 0.0
        since_beat_s = BEAT_EVERY_S
        while not self._stopping.is_set():
            try:
                if since_beat_s >= BEAT_EVERY_S:
                    self._beat()
                    since_beat_s = 0.0
                is_more = self.dispatch_once() == BATCH
                back_off_s = 0.0
            except (SQLAlchemyError, BrokerUnavailableError) as error:
                back_off_s = min(LONGEST_BACK_OFF_S, max(PERIOD_S, back_off_s * 2))
                _log.warning("dispatching waits %.1f s: %s", back_off_s, type(error).__name__)
                is_more = False
            wait_s = 0.0 if is_more else max(PERIOD_S, back_off_s)
            since_beat_s += wait_s
            self._stopping.wait(wait_s)

    def dispatch_once(self) -> int:
        """Hand over at most one batch; how many Messages that were."""
        with self._database.write() as session:
            rows = take_undispatched(session, BATCH)
            for row in rows:
                for listener in LISTENERS.get(row.name, ()):
                    self._send(listener, arguments_of(row, listener))
            if rows:
                mark_dispatched(session, [row.seq for row in rows])
        return len(rows)

    def _beat(self) -> None:
        with self._database.write() as session:
            beat(session, NAME)


def arguments_of(row: OutboxRow, listener: Listener) -> dict[str, Any]:
    """What the task is given: only the ids that its listener names."""
    return {name: row.seq if name == "seq" else row.payload[name] for name in listener.fields}


def sender(app: LanternCelery) -> Send:
    """Sends through Celery; raises BrokerUnavailableError when the broker does not take it."""

    def send(listener: Listener, arguments: Mapping[str, Any]) -> None:
        try:
            app.send_task(
                listener.task,
                kwargs=dict(arguments),
                queue=listener.queue.value,
                # One try on a fresh connection; whatever takes longer, the loop's own back-off waits for.
                retry=True,
                retry_policy={"max_retries": 1, "interval_start": 0},
            )
        except Exception as error:
            raise BrokerUnavailableError(type(error).__name__) from error

    return send
