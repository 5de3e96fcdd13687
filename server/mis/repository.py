"""Every query on students, accounts, attendance and behaviour.

Whose rows a person sees, row-level security decides; imports and devices come as the system role.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from server.kit.db import WriteSession
from server.mis.tables import AttendanceSummaryRow, BehaviourEntryRow, StudentAccountRow, StudentRow

IMPORT_LOCK = 0x4C4D4953
"""One import at a time: two at once could hand out the same pseudonym."""

STUDENTS_OF_ACCOUNTS = """
SELECT w.academy_id, w.account, s.id, s.pseudonym, s.date_of_birth, s.year_group
FROM unnest($1::uuid[], $2::text[]) AS w(academy_id, account)
JOIN student_account a ON a.academy_id = w.academy_id AND a.account = w.account
JOIN student s ON s.id = a.student_id
"""
"""For asyncpg: the student behind each (academy $1, account name in lower case $2)."""


def lock_imports(session: WriteSession) -> None:
    """Wait until no other import runs; held until this transaction ends."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK})


def find_student(session: Session, student_id: UUID) -> StudentRow | None:
    """The student, or None if there is none that the session may see."""
    return session.get(StudentRow, student_id)


def search_students(session: Session, words: str, limit: int = 20) -> Sequence[StudentRow]:
    """Students whose given, family or whole name begins with ``words``; those who left come last."""
    begins = words.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    given, family = func.lower(StudentRow.given_name), func.lower(StudentRow.family_name)
    return session.scalars(
        select(StudentRow)
        .where(
            or_(
                family.like(begins),
                given.like(begins),
                (given + " " + family).like(begins),
                (family + " " + given).like(begins),
                (family + ", " + given).like(begins),
            )
        )
        .order_by(StudentRow.left_on.isnot(None), family, given, StudentRow.id)
        .limit(limit)
    ).all()


def find_attendance(session: Session, student_id: UUID) -> AttendanceSummaryRow | None:
    """The student's attendance so far, if the MIS has given any."""
    return session.get(AttendanceSummaryRow, student_id)


def list_behaviour(session: Session, student_id: UUID, limit: int = 500) -> Sequence[BehaviourEntryRow]:
    """The student's behaviour entries, newest first."""
    return session.scalars(
        select(BehaviourEntryRow)
        .where(BehaviourEntryRow.student_id == student_id)
        .order_by(BehaviourEntryRow.occurred_on.desc(), BehaviourEntryRow.mis_id)
        .limit(limit)
    ).all()


def list_students_of(session: Session, academy_ids: Iterable[UUID]) -> Sequence[StudentRow]:
    """Everybody ever imported for these academies."""
    return session.scalars(select(StudentRow).where(StudentRow.academy_id.in_(list(academy_ids)))).all()


def student_ids_by_mis_id(session: Session, academy_id: UUID) -> dict[str, UUID]:
    """Which student each MIS id of an academy means."""
    rows = session.execute(
        select(StudentRow.mis_id, StudentRow.id).where(StudentRow.academy_id == academy_id)
    )
    return {row.mis_id: row.id for row in rows}


def list_pseudonyms(session: Session) -> set[str]:
    """Every pseudonym in use anywhere."""
    return set(session.scalars(select(StudentRow.pseudonym)))


def insert_students(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write new students."""
    if rows:
        session.execute(insert(StudentRow), list(rows))


def update_students(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Change students by their ``id``."""
    if rows:
        session.execute(update(StudentRow), list(rows))


def replace_accounts(
    session: WriteSession, accounts: Mapping[tuple[UUID, str], UUID], current: Iterable[UUID]
) -> None:
    """Make ``accounts`` (academy, name → student) hold; names that ``current`` students lost are freed.

    A leaver's name stays theirs until somebody else is given it: their device may still send.
    """
    session.execute(delete(StudentAccountRow).where(StudentAccountRow.student_id.in_(list(current))))
    rows = [
        {"academy_id": academy_id, "account": account, "student_id": student_id}
        for (academy_id, account), student_id in accounts.items()
    ]
    for start in range(0, len(rows), 1000):
        statement = upsert(StudentAccountRow).values(rows[start : start + 1000])
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["academy_id", "account"],
                set_={"student_id": statement.excluded.student_id},
            )
        )


def save_attendance(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write or renew attendance summaries, one per student."""
    for start in range(0, len(rows), 1000):
        statement = upsert(AttendanceSummaryRow).values(list(rows[start : start + 1000]))
        columns = [name for name in rows[0] if name != "student_id"]
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["student_id"],
                set_={name: getattr(statement.excluded, name) for name in columns},
            )
        )


def save_behaviour(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write behaviour entries, or renew those the MIS has sent before."""
    for start in range(0, len(rows), 1000):
        statement = upsert(BehaviourEntryRow).values(list(rows[start : start + 1000]))
        columns = [name for name in rows[0] if name not in {"id", "academy_id", "mis_id"}]
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["academy_id", "mis_id"],
                set_={name: getattr(statement.excluded, name) for name in columns},
            )
        )
