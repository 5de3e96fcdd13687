"""Background work of notification: decide in one transaction, then send outside it."""

from uuid import UUID

from celery import Task, shared_task

from server.kit.worker_parts import WorkerParts
from server.notification.channels import smtp_channel
from server.notification.chase import chase
from server.notification.correct import correct
from server.notification.deliver import deliver
from server.notification.tell import tell


@shared_task(name="notification.tell", bind=True)  # type: ignore[untyped-decorator]
def tell_of(task: Task, alert_id: str) -> None:
    """Hears AlertRaised."""
    parts: WorkerParts = task.app.parts
    parts.system_database.write_with(lambda session: tell(session, parts.clock, UUID(alert_id)))
    _send(parts, UUID(alert_id))


@shared_task(name="notification.correct", bind=True)  # type: ignore[untyped-decorator]
def correct_of(task: Task, alert_id: str) -> None:
    """Hears AlertReviewed."""
    parts: WorkerParts = task.app.parts
    parts.system_database.write_with(lambda session: correct(session, parts.clock, UUID(alert_id)))
    _send(parts, UUID(alert_id))


@shared_task(name="notification.chase", bind=True)  # type: ignore[untyped-decorator]
def chase_all(task: Task) -> None:
    """By the clock: whoever has not been told, whoever has not answered, whatever has not been sent."""
    parts: WorkerParts = task.app.parts
    parts.system_database.write_with(lambda session: chase(session, parts.clock))
    _send(parts, None)


def _send(parts: WorkerParts, alert_id: UUID | None) -> None:
    channel = smtp_channel(parts.smtp_url, parts.mail_from)
    deliver(
        parts.system_database,
        parts.clock,
        channel,
        keyring=parts.keyring,
        public_url=parts.public_url,
        alert_id=alert_id,
    )
