"""Ends a device's right to speak. From the commit on, no batch of its is begun."""

from uuid import UUID

from server.audit.domain import SYSTEM, Author
from server.audit.write import write_audit
from server.enrolment.repository import find_device
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import NotFoundError


def revoke_device(session: WriteSession, clock: Clock, device_id: UUID, *, author: Author = SYSTEM) -> None:
    """Revoke the device; again is no error. Its past events stay."""
    device = find_device(session, device_id)
    if device is None:
        raise NotFoundError("There is no such device.")
    if device.revoked_at is not None:
        return
    device.revoked_at = clock.now()
    device.state = "revoked"
    write_audit(
        session,
        author,
        verb="revoked",
        subject_kind="device",
        subject_id=device_id,
        trust_id=device.trust_id,
        academy_id=device.academy_id,
    )
