"""Background work of routing: one line each, a verb behind it."""

from uuid import UUID

from celery import Task, shared_task

from server.kit.worker_parts import WorkerParts
from server.routing.attach_review import attach_review
from server.routing.raise_alert import raise_alert, raise_missing
from server.routing.raise_unreviewed import raise_unreviewed


@shared_task(name="routing.raise_alert", bind=True)  # type: ignore[untyped-decorator]
def raise_alert_of(task: Task, event_id: str) -> None:
    """Hears EventGraded."""
    parts: WorkerParts = task.app.parts
    parts.system_database.write_with(lambda session: raise_alert(session, parts.clock, UUID(event_id)))


@shared_task(name="routing.raise_missing", bind=True)  # type: ignore[untyped-decorator]
def raise_missing_alerts(task: Task) -> None:
    """By the clock: what a lost task left unraised."""
    parts: WorkerParts = task.app.parts
    parts.system_database.write_with(lambda session: raise_missing(session, parts.clock))


@shared_task(name="routing.attach_review", bind=True)  # type: ignore[untyped-decorator]
def attach_review_of(task: Task, event_id: str) -> None:
    """Hears EventDismissed: an alert may have gone out unreviewed before."""
    parts: WorkerParts = task.app.parts
    parts.system_database.write_with(lambda session: attach_review(session, parts.clock, UUID(event_id)))


@shared_task(name="routing.raise_unreviewed", bind=True)  # type: ignore[untyped-decorator]
def raise_unreviewed_alerts(task: Task) -> None:
    """By the clock: what nobody has decided in time."""
    parts: WorkerParts = task.app.parts
    parts.system_database.write_with(lambda session: raise_unreviewed(session, parts.clock))
