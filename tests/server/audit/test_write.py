"""An AuditEntry exists with what it tells of or not at all, and holds who, what and whose."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from server.audit.domain import SYSTEM, Author, DeviceAuthor, StaffAuthor
from server.audit.write import write_audit
from server.kit.db import Database, WriteSession
from server.organisation.domain import Role
from tests.kit.organisation import make_actor


def _entries(system_database: Database, subject_id: object) -> list[tuple[object, ...]]:
    with system_database.read() as session:
        rows = session.execute(
            text(
                "SELECT actor_kind, actor_id, verb, academy_id, details FROM audit_entry WHERE subject_id = :id"
            ),
            {"id": subject_id},
        )
        return [tuple(row) for row in rows]


def test_a_person_writes_under_their_own_scope(database: Database, system_database: Database) -> None:
    actor = make_actor(system_database, Role.DSL)
    (academy,) = actor.record_academies
    subject = uuid4()
    with database.write(actor.database_scope()) as session:
        write_audit(
            session,
            actor,
            verb="read_record",
            subject_kind="student",
            subject_id=subject,
            academy_id=academy,
            details={"pages": 2},
        )
    assert _entries(system_database, subject) == [
        ("staff", actor.staff_id, "read_record", academy, {"pages": 2})
    ]


@pytest.mark.parametrize(
    ("author", "kind"),
    [(SYSTEM, "system"), (DeviceAuthor(uuid4()), "device"), (StaffAuthor(uuid4()), "staff")],
)
def test_each_kind_of_author_is_told_apart(system_database: Database, author: Author, kind: str) -> None:
    subject = uuid4()
    with system_database.write() as session:
        write_audit(session, author, verb="did", subject_kind="thing", subject_id=subject)
    assert _entries(system_database, subject) == [(kind, author.author_id, "did", None, {})]


def test_it_goes_with_the_transaction_it_tells_of(system_database: Database) -> None:
    subject = uuid4()

    def write_and_fail(session: WriteSession) -> None:
        write_audit(session, SYSTEM, verb="did", subject_kind="thing", subject_id=subject)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        system_database.write_with(write_and_fail)
    assert _entries(system_database, subject) == []
