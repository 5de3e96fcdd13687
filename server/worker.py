"""The Celery app: its settings, its queues, its schedule, and who listens to which Message. Nothing else.

A room's ``tasks.py`` holds ``@shared_task(name="<room>.<verb>", bind=True)`` functions of one line that
call a verb with ids and ``task.app.parts``. Rooms never send tasks: they announce Messages.
"""

import logging
import os
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from celery import Celery, Task
from kombu.entity import Exchange, Queue

from server.evidence.blob_store import FolderBlobStore
from server.kit.clock import SystemClock
from server.kit.database_urls import for_keywords
from server.kit.db import Database
from server.kit.health import beat
from server.kit.installation import Addresses
from server.kit.sealing import Keyring
from server.kit.worker_parts import WorkerParts
from server.live_queue import tasks as live_queue_tasks
from server.metrics import tasks as metrics_tasks
from server.notification import tasks as notification_tasks
from server.retention import tasks as retention_tasks
from server.routing import tasks as routing_tasks
from server.settings import Settings

_log = logging.getLogger(__name__)

HEARTBEAT = "worker.heartbeat"
# A worker that is killed gives its messages back after this long. Longer would hold back an alert, shorter
# would run slow tasks twice; every task may run twice and most end within a second.
VISIBILITY_TIMEOUT_S = 8
SOFT_LIMIT_S = 60
HARD_LIMIT_S = 75
HEARTBEAT_EVERY = timedelta(seconds=5)


class QueueName(StrEnum):
    """By urgency, most urgent first. pgmq allows 47 characters."""

    ALERTS = "lantern_alerts"
    CHAIN = "lantern_chain"
    BOARD = "lantern_board"
    UPKEEP = "lantern_upkeep"


@dataclass(frozen=True, slots=True)
class Listener:
    """One task that hears a Message, on which queue, and which of the Message's fields it is given."""

    task: str
    queue: QueueName
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A task that runs by the clock."""

    task: str
    queue: QueueName
    every: timedelta


# Importing a room's tasks registers them; the worker knows no others.
TASKS = (live_queue_tasks, routing_tasks, notification_tasks, metrics_tasks, retention_tasks)

_BOARD = Listener("metrics.project", QueueName.BOARD, ("seq",))

# Who listens to which Message; ``seq`` is the outbox row's own number. A Message nobody's task listens to
# stands here all the same, so that a forgotten one is found by a test. Live screens read the outbox itself.
LISTENERS: dict[str, tuple[Listener, ...]] = {
    "EventReceived": (_BOARD,),
    "EventClaimed": (_BOARD,),
    "EventReleased": (),
    "EventGraded": (Listener("routing.raise_alert", QueueName.ALERTS, ("event_id",)), _BOARD),
    "EventDismissed": (Listener("routing.attach_review", QueueName.ALERTS, ("event_id",)), _BOARD),
    "EventSentUnreviewed": (_BOARD,),
    "AlertRaised": (Listener("notification.tell", QueueName.ALERTS, ("alert_id",)), _BOARD),
    "AlertReviewed": (Listener("notification.correct", QueueName.ALERTS, ("alert_id",)), _BOARD),
    "AlertTold": (_BOARD,),
    "AlertAcknowledged": (_BOARD,),
    "AlertClosed": (_BOARD,),
    "ConcernOpened": (_BOARD,),
    "ConcernClosed": (_BOARD,),
    "ConcernReopened": (_BOARD,),
    "ActionAdded": (_BOARD,),
    "ActionCompleted": (_BOARD,),
    "ReferralMade": (_BOARD,),
    "OutcomeRecorded": (_BOARD,),
}

# What runs by the clock. Each repeats what a lost task would have done: a loss delays, it never silences.
SCHEDULE: tuple[Scheduled, ...] = (
    Scheduled(HEARTBEAT, QueueName.UPKEEP, HEARTBEAT_EVERY),
    Scheduled("live_queue.release", QueueName.CHAIN, timedelta(seconds=5)),
    Scheduled("notification.chase", QueueName.ALERTS, timedelta(seconds=5)),
    Scheduled("routing.raise_unreviewed", QueueName.ALERTS, timedelta(seconds=5)),
    Scheduled("routing.raise_missing", QueueName.ALERTS, timedelta(seconds=30)),
    Scheduled("metrics.rebuild", QueueName.UPKEEP, timedelta(hours=6)),
    Scheduled("retention.purge", QueueName.UPKEEP, timedelta(hours=1)),
)


class LanternCelery(Celery):  # type: ignore[misc]
    """A Celery app that makes its parts once per process: a pool must not be shared across a fork."""

    settings: Settings
    addresses: Addresses
    _parts: tuple[int, WorkerParts] | None = None

    @property
    def parts(self) -> WorkerParts:
        """What tasks work with in this process."""
        if self._parts is None or self._parts[0] != os.getpid():
            self._parts = (os.getpid(), _make_parts(self.settings, self.addresses))
        return self._parts[1]


def create_worker(settings: Settings, addresses: Addresses) -> LanternCelery:
    """The Celery app on the broker that the settings name; used by worker, beat and dispatcher alike."""
    app = LanternCelery("lantern", broker=_broker(settings), set_as_current=True)
    app.settings, app.addresses = settings, addresses
    app.conf.update(
        broker_transport_options=_transport_options(settings, addresses),
        # With AMQP a dead network is noticed after two missed beats; the default of two minutes is too long
        # for a DSL who waits to be told.
        broker_heartbeat=5,
        broker_connection_retry_on_startup=True,
        # Never give up: the broker may be restarted at any time, and without it nobody is told.
        broker_connection_max_retries=None,
        # pgmq's queue names end at 47 characters and remote control's are longer; our heartbeat row replaces it.
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        # Acknowledged when done, not when taken: a worker that dies gives its task back.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        # Late acknowledgement is only fair to the others if nobody hoards.
        worker_prefetch_multiplier=1,
        task_soft_time_limit=SOFT_LIMIT_S,
        task_time_limit=HARD_LIMIT_S,
        # Nobody waits for a result; the truth is in our tables.
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        task_serializer="json",
        accept_content=["json"],
        task_default_queue=QueueName.CHAIN.value,
        # Each with a routing key of its own: with a shared one every queue would get every message.
        task_queues=[_queue(name.value) for name in QueueName],
        # An unknown queue is a mistake of ours, not a queue to be made.
        task_create_missing_queues=False,
        # Leaks in a library end with the process; a thousand tasks are a few minutes of a busy day.
        worker_max_tasks_per_child=1000,
        # Celery's own logging would replace ours, which says ids only.
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        timezone="UTC",
        beat_schedule={one.task: _entry(one) for one in SCHEDULE},
        # Intervals need no memory of the last run, and a file would be one more thing to corrupt.
        beat_scheduler="celery.beat:Scheduler",
        beat_max_loop_interval=1,
    )
    app.task(name=HEARTBEAT, bind=True, base=Task)(_heartbeat)
    return app


def _heartbeat(task: Any) -> None:
    """Sent by beat, carried by the broker, run by a worker, written to the database: all four live."""
    with task.app.parts.system_database.write() as session:
        beat(session, "worker")
        beat(session, "beat")


def _make_parts(settings: Settings, addresses: Addresses) -> WorkerParts:
    return WorkerParts(
        system_database=Database(addresses.system, pool_size=2, application_name="lantern-worker"),
        clock=SystemClock(),
        keyring=Keyring(settings.master_key),
        blobs=FolderBlobStore(Path(settings.blobs)),
        public_url=settings.public_url,
        smtp_url=settings.smtp_url,
        mail_from=settings.mail_from,
    )


def _is_pgmq(settings: Settings) -> bool:
    return settings.broker_url is None or settings.broker_url.startswith("pgmq://")


def _broker(settings: Settings) -> str:
    # pgmq's address travels in the transport options: a socket's path does not fit into a broker's URL.
    return "pgmq://" if _is_pgmq(settings) else str(settings.broker_url)


def _pgmq_address(settings: Settings, addresses: Addresses) -> str:
    if settings.broker_url is None:
        return addresses.broker
    return settings.broker_url.replace("pgmq://", "postgresql://", 1)


def _transport_options(settings: Settings, addresses: Addresses) -> dict[str, Any]:
    options: dict[str, Any] = {"visibility_timeout": VISIBILITY_TIMEOUT_S}
    if not _is_pgmq(settings):
        # RabbitMQ gives back at once what a dead worker held; it knows no such time.
        return options if settings.broker_url and settings.broker_url.startswith("redis") else {}
    return options | {
        "conn_string": for_keywords(_pgmq_address(settings, addresses)),
        # There is no extension: plain SQL made the schema.
        "init_extension": False,
        # Wake on NOTIFY without throttling; polling alone costs 58 ms a task.
        "use_notify": True,
        "notify_throttle_interval_ms": 0,
        "wait_time_seconds": 0,
        "polling_interval": 1,
        "pool_size": 4,
        # The pool would wait half a minute for a database that is back already.
        "pool_timeout": 5,
    }


def _queue(name: str) -> Queue:
    return Queue(name, Exchange(name), routing_key=name)  # type: ignore[no-untyped-call]


def _entry(one: Scheduled) -> dict[str, Any]:
    # What piled up while no worker ran is worth nothing: each run does the whole work.
    return {
        "task": one.task,
        "schedule": one.every,
        "options": {"queue": one.queue.value, "expires": max(10.0, one.every.total_seconds())},
    }
