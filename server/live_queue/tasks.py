"""Background work of the live queue: one line, a verb behind it."""

from celery import Task, shared_task

from server.kit.worker_parts import WorkerParts
from server.live_queue.release import reap


@shared_task(name="live_queue.release", bind=True)  # type: ignore[untyped-decorator]
def release_ended(task: Task) -> None:
    """Hand back every event whose lease has ended."""
    parts: WorkerParts = task.app.parts
    parts.system_database.write_with(lambda session: reap(session, parts.clock))
