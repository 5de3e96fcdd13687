"""Reads everything this room and the MIS know of one Student. Every reading leaves an AuditEntry."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from server.access.scope import Actor
from server.audit.write import write_audit
from server.kit.db import WriteSession
from server.kit.errors import NotFoundError
from server.mis.tables import AttendanceSummaryRow, BehaviourEntryRow, StudentRow
from server.record.chronology import chronology
from server.record.domain import (
    ActionView,
    AttendanceView,
    BehaviourView,
    ConcernView,
    EntryKind,
    Record,
    StudentView,
    attendance_percent,
    derive_state,
)
from server.record.repository import (
    find_attendance,
    find_student_at,
    list_actions,
    list_behaviour,
    list_concerns,
    list_entries,
    names_of,
)
from server.record.tables import ActionRow, ConcernEntryRow, ConcernRow


def read_record(session: WriteSession, actor: Actor, student_id: UUID) -> Record:
    """The Student's record; NotFoundError for whom the reader may not know. A write session: it is audited."""
    found = find_student_at(session, student_id)
    if found is None:
        raise NotFoundError("There is no such student.")
    student, academy_name = found
    write_audit(
        session,
        actor,
        verb="read_record",
        subject_kind="student",
        subject_id=student.id,
        trust_id=student.trust_id,
        academy_id=student.academy_id,
    )
    concerns, actions = list_concerns(session, student_id), list_actions(session, student_id)
    entries, behaviour = list_entries(session, student_id), list_behaviour(session, student_id)
    authors = {row.recorded_by for row in concerns} | {row.recorded_by for row in entries}
    doers = {one for row in actions for one in (row.owner_id, row.added_by)}
    names = names_of(session, authors | doers)
    done_at = {row.action_id: row.recorded_at for row in entries if row.action_id is not None}
    return Record(
        student=_student(student, academy_name),
        attendance=_attendance(find_attendance(session, student_id)),
        behaviour=tuple(map(_behaviour, behaviour)),
        concerns=tuple(
            _concern(
                row,
                names,
                [_action(one, names, done_at) for one in actions if one.concern_id == row.id],
                [one for one in entries if one.concern_id == row.id],
            )
            for row in concerns
        ),
        chronology=chronology(
            concerns=concerns, actions=actions, entries=entries, behaviour=behaviour, names=names
        ),
    )


def _student(row: StudentRow, academy_name: str) -> StudentView:
    return StudentView(
        id=row.id,
        academy_id=row.academy_id,
        academy_name=academy_name,
        display_name=row.display_name,
        date_of_birth=row.date_of_birth,
        year_group=row.year_group,
        registration_group=row.registration_group,
    )


def _attendance(row: AttendanceSummaryRow | None) -> AttendanceView | None:
    if row is None:
        return None
    return AttendanceView(
        percent=attendance_percent(row.sessions_present, row.sessions_possible),
        sessions_possible=row.sessions_possible,
        sessions_present=row.sessions_present,
        authorised=row.sessions_authorised_absence,
        unauthorised=row.sessions_unauthorised_absence,
        late=row.late,
        as_at=row.as_at,
    )


def _behaviour(row: BehaviourEntryRow) -> BehaviourView:
    return BehaviourView(row.id, row.occurred_on, row.kind, row.points, row.note)


def _action(row: ActionRow, names: dict[UUID, str], done_at: dict[UUID, datetime]) -> ActionView:
    return ActionView(row.id, row.what, names.get(row.owner_id, ""), row.due_on, done_at.get(row.id))


def _concern(
    row: ConcernRow, names: dict[UUID, str], actions: Sequence[ActionView], entries: Sequence[ConcernEntryRow]
) -> ConcernView:
    return ConcernView(
        id=row.id,
        category=row.category,
        theme=row.theme,
        severity=row.severity,
        summary=row.summary,
        state=derive_state(EntryKind(entry.kind) for entry in entries),
        alert_id=row.alert_id,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        recorded_by_name=names.get(row.recorded_by, ""),
        actions=tuple(actions),
    )
