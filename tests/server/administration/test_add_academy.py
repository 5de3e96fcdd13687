"""An academy belongs to a trust that exists and carries a register number that can be one."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from server.administration.add_academy import add_academy
from server.audit.domain import SYSTEM
from server.kit.db import Database
from server.kit.errors import InvalidError, NotFoundError
from server.organisation.domain import Phase
from tests.kit.clock import FakeClock
from tests.kit.organisation import make_trust


def test_an_academy_is_added_and_audited(system_database: Database, clock: FakeClock) -> None:
    trust = make_trust(system_database)
    with system_database.write() as session:
        academy_id = add_academy(
            session, SYSTEM, clock, trust_id=trust.id, name="Marsh Lane", phase=Phase.PRIMARY, urn="123456"
        )
    with system_database.read() as session:
        row = session.execute(
            text("SELECT trust_id, name, phase, urn FROM academy WHERE id = :id"), {"id": academy_id}
        ).one()
        verbs = session.scalars(
            text("SELECT verb FROM audit_entry WHERE academy_id = :id"), {"id": academy_id}
        ).all()
    assert tuple(row) == (trust.id, "Marsh Lane", "primary", "123456")
    assert verbs == ["added_academy"]


def test_an_academy_of_no_trust_is_refused(system_database: Database, clock: FakeClock) -> None:
    with system_database.write() as session, pytest.raises(NotFoundError):
        add_academy(session, SYSTEM, clock, trust_id=uuid4(), name="Marsh Lane", phase=Phase.PRIMARY)


@pytest.mark.parametrize(("name", "urn"), [("", ""), ("Marsh Lane", "12345"), ("Marsh Lane", "12345x")])
def test_a_missing_name_or_an_impossible_number_is_refused(
    system_database: Database, clock: FakeClock, name: str, urn: str
) -> None:
    trust = make_trust(system_database)
    with system_database.write() as session, pytest.raises(InvalidError):
        add_academy(session, SYSTEM, clock, trust_id=trust.id, name=name, phase=Phase.PRIMARY, urn=urn)
