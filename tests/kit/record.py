"""Makes alerts as routing leaves them, and what a record of a student is made of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from server.access.scope import Actor
from server.kit.clock import Clock
from server.kit.db import Database
from server.kit.sealing import Keyring
from server.organisation.domain import Role
from server.record.write_concern import WriteConcernCommand, write_concern
from shared.ids import ConcernId
from shared.taxonomy import Category, Severity, Theme
from tests.kit.clock import MONDAY
from tests.kit.live_queue import make_known_student, queue_event
from tests.kit.organisation import Academy, Staff, actor_for, make_academy, make_staff

SUMMARY = "Maya wrote that she does not feel safe at home."


@dataclass(frozen=True, slots=True)
class School:
    """An academy with a DSL, a deputy and one student on its roll."""

    academy: Academy
    dsl_staff: Staff
    dsl: Actor
    deputy: Actor
    student_id: UUID


@dataclass(frozen=True, slots=True)
class MadeAlert:
    """An alert that exists, unacknowledged."""

    alert_id: UUID
    event_id: UUID
    grade_id: UUID


def make_school(system_database: Database, academy: Academy | None = None) -> School:
    """A school of a new trust unless its academy is given."""
    academy = academy or make_academy(system_database)
    staff = make_staff(system_database, Role.DSL, academy=academy)
    deputy = make_staff(system_database, Role.DEPUTY_DSL, academy=academy)
    return School(
        academy=academy,
        dsl_staff=staff,
        dsl=actor_for(system_database, staff),
        deputy=actor_for(system_database, deputy),
        student_id=make_known_student(system_database, academy),
    )


def make_alert(
    system_database: Database,
    keyring: Keyring,
    academy: Academy,
    *,
    student_id: UUID | None = None,
    severity: Severity = Severity.LEVEL_4,
    received_at: datetime = MONDAY,
) -> MadeAlert:
    """An alert raised five minutes after its event was received."""
    event_id = queue_event(
        system_database, keyring, academy, student_id=student_id, severity=severity, received_at=received_at
    )
    moderator = make_staff(system_database, Role.MODERATOR)
    made = MadeAlert(uuid4(), event_id, uuid4())
    values = {
        "id": made.alert_id,
        "event": event_id,
        "grade": made.grade_id,
        "academy": academy.id,
        "trust": academy.trust_id,
        "student": student_id,
        "moderator": moderator.id,
        "severity": severity.value,
        "occurred": received_at,
        "raised": received_at + timedelta(minutes=5),
        "due": received_at + timedelta(minutes=65),
    }
    with system_database.write() as session:
        session.execute(text(_GRADED), values)
        session.execute(text(_GRADE), values)
        session.execute(text(_ALERT), values)
    return made


_GRADED = "UPDATE review_item SET state = 'graded', decided_at = :raised WHERE event_id = :event"
_GRADE = """
INSERT INTO grade (id, event_id, trust_id, academy_id, moderator_id, category, theme, severity, message,
  subject_role, authenticity, immediacy, call_required, graded_at)
VALUES (:grade, :event, :trust, :academy, :moderator, 'VP', 'T05', :severity, '', 'self_at_risk', 'genuine',
  'no_time', false, :raised)
"""
_ALERT = """
INSERT INTO alert (id, event_id, grade_id, academy_id, trust_id, student_id, category, theme, severity,
  occurred_at, raised_at, acknowledge_due_at, next_chase_at)
VALUES (:id, :event, :grade, :academy, :trust, :student, 'VP', 'T05', :severity, :occurred, :raised, :due, :due)
"""


def make_concern(
    database: Database,
    clock: Clock,
    school: School,
    *,
    severity: Severity = Severity.LEVEL_3,
    occurred_at: datetime | None = None,
) -> ConcernId:
    """A concern that the school's DSL wrote by hand."""
    with database.write(school.dsl.database_scope()) as session:
        return write_concern(
            session,
            school.dsl,
            clock,
            WriteConcernCommand(
                student_id=school.student_id,
                category=Category.VULNERABLE_PERSON,
                theme=Theme.DISTRESS,
                severity=severity,
                summary=SUMMARY,
                occurred_at=occurred_at or clock.now(),
            ),
        )


def audit_verbs(system_database: Database, subject_id: UUID) -> list[str]:
    """What the audit says was done to one subject, in order."""
    with system_database.read() as session:
        return list(
            session.scalars(
                text("SELECT verb FROM audit_entry WHERE subject_id = :id ORDER BY id"), {"id": subject_id}
            )
        )


def announced(system_database: Database, academy: Academy) -> list[tuple[str, dict[str, object]]]:
    """Every Message about an academy, in order, as name and payload."""
    with system_database.read() as session:
        rows = session.execute(
            text("SELECT name, payload FROM outbox WHERE academy_id = :id ORDER BY seq"), {"id": academy.id}
        )
        return [(name, payload) for name, payload in rows]
