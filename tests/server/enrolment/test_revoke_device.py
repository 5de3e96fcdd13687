"""A revoked device stays out, and everything about it is on record."""

from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from server.enrolment.domain import BadTokenError
from server.enrolment.issue_enrolment_token import issue_enrolment_token
from server.enrolment.revoke_device import revoke_device
from server.kit.db import Database
from server.kit.errors import NotFoundError
from tests.kit.clock import FakeClock
from tests.kit.enrolment import command, enrol, issue
from tests.kit.organisation import Academy


def test_a_revoked_device_cannot_come_back_with_its_key(
    system_database: Database, clock: FakeClock, academy: Academy
) -> None:
    key = Ed25519PrivateKey.generate()
    enrolled = enrol(system_database, clock, command(issue(system_database, clock, academy), key))
    with system_database.write() as session:
        revoke_device(session, clock, enrolled.device_id)
        revoke_device(session, clock, enrolled.device_id)
    with pytest.raises(BadTokenError):
        enrol(system_database, clock, command(issue(system_database, clock, academy), key))


def test_what_does_not_exist_is_said_so(system_database: Database, clock: FakeClock) -> None:
    with system_database.write() as session:
        with pytest.raises(NotFoundError):
            issue_enrolment_token(session, clock, academy_id=uuid4())
        with pytest.raises(NotFoundError):
            revoke_device(session, clock, uuid4())


def test_enrolment_is_audited(system_database: Database, clock: FakeClock, academy: Academy) -> None:
    enrolled = enrol(system_database, clock, command(issue(system_database, clock, academy)))
    with system_database.write() as session:
        revoke_device(session, clock, enrolled.device_id)
    with system_database.read() as session:
        found = session.execute(
            text("SELECT verb, actor_kind FROM audit_entry WHERE subject_id = ANY (:ids) ORDER BY id"),
            {"ids": [academy.id, enrolled.device_id]},
        )
        assert [tuple(row) for row in found] == [
            ("issued_enrolment_token", "system"),
            ("enrolled", "device"),
            ("revoked", "system"),
        ]
