"""Background work of the board: one line, a verb behind it."""

from celery import Task, shared_task

from server.kit.worker_parts import WorkerParts
from server.metrics.project import project
from server.metrics.rebuild import rebuild


@shared_task(name="metrics.project", bind=True)  # type: ignore[untyped-decorator]
def project_message(task: Task, seq: int) -> None:
    """Write what the Message of outbox row ``seq`` says into the read model."""
    parts: WorkerParts = task.app.parts
    parts.system_database.write_with(lambda session: project(session, seq))


@shared_task(name="metrics.rebuild", bind=True)  # type: ignore[untyped-decorator]
def rebuild_all(task: Task) -> None:
    """Build the read model again from the rooms' own tables: heals whatever a lost task left out."""
    parts: WorkerParts = task.app.parts
    parts.system_database.write_with(rebuild)
