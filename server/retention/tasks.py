"""Background work of retention: one line, a verb behind it."""

from celery import Task, shared_task

from server.kit.worker_parts import WorkerParts
from server.retention.purge import purge


@shared_task(name="retention.purge", bind=True)  # type: ignore[untyped-decorator]
def purge_technical(task: Task) -> None:
    """Delete technical rows whose time is over."""
    parts: WorkerParts = task.app.parts
    parts.system_database.write_with(lambda session: purge(session, parts.clock))
