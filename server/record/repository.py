"""Every query of the record. Whose rows they see, row-level security decides by the session's scope."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from server.kit.db import WriteSession
from server.mis.tables import AttendanceSummaryRow, BehaviourEntryRow, StudentRow
from server.organisation.domain import Colleague, Role
from server.organisation.repository import list_colleagues
from server.organisation.tables import AcademyRow, StaffRow
from server.record.domain import EntryKind
from server.record.tables import ActionRow, ConcernEntryRow, ConcernRow
from server.routing.tables import AlertRow

SEARCH_LIMIT = 20
RECORD_KEEPERS = (Role.DSL, Role.DEPUTY_DSL)


def lock_concern(session: WriteSession, concern_id: UUID) -> ConcernRow | None:
    """The Concern, with every other writer of its entries waiting until this transaction ends.

    People hold no UPDATE on a Concern and so cannot lock its row; an advisory lock on its id does it.
    """
    found = session.get(ConcernRow, concern_id)
    if found is not None:
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 0))"), {"id": f"concern:{concern_id}"}
        )
    return found


def find_concern(session: Session, concern_id: UUID) -> ConcernRow | None:
    """The Concern, or None."""
    return session.get(ConcernRow, concern_id)


def find_concern_of_alert(session: Session, alert_id: UUID) -> ConcernRow | None:
    """The Concern that an Alert became, if it did."""
    return session.scalars(select(ConcernRow).where(ConcernRow.alert_id == alert_id)).one_or_none()


def find_event_id(session: Session, concern: ConcernRow) -> UUID | None:
    """The Event a Concern came from; None when staff wrote it."""
    if concern.alert_id is None:
        return None
    return session.scalars(select(AlertRow.event_id).where(AlertRow.id == concern.alert_id)).one_or_none()


def list_entry_kinds(session: Session, concern_id: UUID) -> list[EntryKind]:
    """What was added to a Concern, as it was recorded."""
    statement = (
        select(ConcernEntryRow.kind)
        .where(ConcernEntryRow.concern_id == concern_id)
        .order_by(ConcernEntryRow.recorded_at, ConcernEntryRow.id)
    )
    return [EntryKind(kind) for kind in session.scalars(statement)]


def last_recorded_at(session: Session, concern_id: UUID) -> datetime | None:
    """When the latest entry of a Concern was recorded."""
    return session.scalars(
        select(func.max(ConcernEntryRow.recorded_at)).where(ConcernEntryRow.concern_id == concern_id)
    ).one()


def find_action(session: Session, action_id: UUID) -> ActionRow | None:
    """The Action, or None."""
    return session.get(ActionRow, action_id)


def is_action_done(session: Session, action_id: UUID) -> bool:
    """Whether it was marked as done."""
    return (
        session.scalars(
            select(ConcernEntryRow.id).where(
                ConcernEntryRow.action_id == action_id,
                ConcernEntryRow.kind == EntryKind.ACTION_DONE.value,
            )
        ).one_or_none()
        is not None
    )


def find_student(session: Session, student_id: UUID) -> StudentRow | None:
    """The Student, or None."""
    return session.get(StudentRow, student_id)


def find_student_at(session: Session, student_id: UUID) -> tuple[StudentRow, str] | None:
    """The Student and the Academy's name, or None."""
    found = session.execute(
        select(StudentRow, AcademyRow.name)
        .join(AcademyRow, AcademyRow.id == StudentRow.academy_id)
        .where(StudentRow.id == student_id)
    ).one_or_none()
    return (found[0], found[1]) if found is not None else None


def search_students(session: Session, words: str) -> Sequence[tuple[StudentRow, str]]:
    """At most 20 Students still at school whose name holds ``words``: beginnings of names come first."""
    given, family = func.lower(StudentRow.given_name), func.lower(StudentRow.family_name)
    full = func.concat(given, " ", family)
    wanted = words.lower()
    begins = or_(
        family.startswith(wanted, autoescape=True),
        given.startswith(wanted, autoescape=True),
        full.startswith(wanted, autoescape=True),
    )
    statement = (
        select(StudentRow, AcademyRow.name)
        .join(AcademyRow, AcademyRow.id == StudentRow.academy_id)
        .where(StudentRow.left_on.is_(None))
        .where(or_(full.contains(wanted, autoescape=True), begins))
        .order_by(begins.desc(), family, given, StudentRow.id)
        .limit(SEARCH_LIMIT)
    )
    return [(row, name) for row, name in session.execute(statement)]


def list_record_keepers(session: Session, academy_ids: Iterable[UUID], on: date) -> list[Colleague]:
    """Who keeps the records of these academies on a day, and may own an Action there."""
    return list_colleagues(session, academy_ids, RECORD_KEEPERS, on)


def find_attendance(session: Session, student_id: UUID) -> AttendanceSummaryRow | None:
    """The year's attendance, if the MIS has told it."""
    return session.get(AttendanceSummaryRow, student_id)


def list_behaviour(session: Session, student_id: UUID) -> Sequence[BehaviourEntryRow]:
    """The behaviour log, newest first."""
    return session.scalars(
        select(BehaviourEntryRow)
        .where(BehaviourEntryRow.student_id == student_id)
        .order_by(BehaviourEntryRow.occurred_on.desc(), BehaviourEntryRow.id)
    ).all()


def list_concerns(session: Session, student_id: UUID) -> Sequence[ConcernRow]:
    """Every Concern about a Student, the latest to happen first."""
    return session.scalars(
        select(ConcernRow)
        .where(ConcernRow.student_id == student_id)
        .order_by(ConcernRow.occurred_at.desc(), ConcernRow.recorded_at.desc(), ConcernRow.id)
    ).all()


def list_actions(session: Session, student_id: UUID) -> Sequence[ActionRow]:
    """Every Action about a Student, as they were added."""
    return session.scalars(
        select(ActionRow).where(ActionRow.student_id == student_id).order_by(ActionRow.added_at, ActionRow.id)
    ).all()


def list_entries(session: Session, student_id: UUID) -> Sequence[ConcernEntryRow]:
    """Every further entry about a Student, as they were recorded."""
    return session.scalars(
        select(ConcernEntryRow)
        .where(ConcernEntryRow.student_id == student_id)
        .order_by(ConcernEntryRow.recorded_at, ConcernEntryRow.id)
    ).all()


def names_of(session: Session, staff_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of staff, as far as the reader may know them."""
    statement = select(StaffRow.id, StaffRow.display_name).where(StaffRow.id.in_(set(staff_ids)))
    return {row.id: row.display_name for row in session.execute(statement)}
