"""Alerts without their whole chain, and the scopes of people who may or may not see an event."""

from collections.abc import Callable
from uuid import UUID, uuid4

from sqlalchemy import text

from server.kit.db import Database
from server.organisation.domain import Role
from tests.kit.clock import MONDAY
from tests.kit.devices import Device
from tests.kit.organisation import Academy, Staff, Trust, actor_for, make_staff

Make = Callable[..., UUID]

"""``receive(picture=…, alert=…)``: lets an event arrive."""


def raise_alert(system_database: Database, academy: Academy, event_id: UUID) -> None:
    """Grade an event and raise its alert, as rows."""
    moderator = make_staff(system_database, Role.MODERATOR)
    values = {
        "id": uuid4(),
        "alert": uuid4(),
        "event": event_id,
        "trust": academy.trust_id,
        "academy": academy.id,
        "moderator": moderator.id,
        "at": MONDAY,
    }
    with system_database.write() as session:
        session.execute(
            text(
                "INSERT INTO grade (id, event_id, trust_id, academy_id, moderator_id, category, theme, severity,"
                " message, subject_role, authenticity, immediacy, call_required, graded_at) VALUES (:id, :event,"
                " :trust, :academy, :moderator, 'VP', 'T05', 4, '', 'self_at_risk', 'genuine', 'now', false, :at)"
            ),
            values,
        )
        session.execute(
            text(
                "INSERT INTO alert (id, event_id, grade_id, academy_id, trust_id, category, theme, severity,"
                " occurred_at, raised_at) VALUES (:alert, :event, :id, :academy, :trust, 'VP', 'T05', 4, :at, :at)"
            ),
            values,
        )


def scope_of(system_database: Database, staff: Staff) -> dict[str, str]:
    """The database scope of a member of staff."""
    return actor_for(system_database, staff).database_scope()


def moderator_of(system_database: Database, device: Device) -> Staff:
    """A moderator of the device's trust."""
    return make_staff(system_database, Role.MODERATOR, trust=Trust(device.academy.trust_id, ""))


def audits(system_database: Database, event_id: UUID) -> list[tuple[UUID, str]]:
    """Who did what to an event."""
    with system_database.read() as session:
        found = session.execute(
            text("SELECT actor_id, verb FROM audit_entry WHERE subject_id = :id ORDER BY id"),
            {"id": event_id},
        )
        return [(row.actor_id, row.verb) for row in found]
