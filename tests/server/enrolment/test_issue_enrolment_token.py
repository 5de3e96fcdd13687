"""Tokens are limited, stored as a hash and audited."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import text

from server.enrolment.domain import BadTokenError
from server.enrolment.issue_enrolment_token import issue_enrolment_token
from server.kit.db import Database
from server.kit.errors import InvalidError
from tests.kit.clock import FakeClock
from tests.kit.enrolment import command, enrol, issue
from tests.kit.organisation import Academy


def test_only_the_tokens_hash_is_stored(
    system_database: Database, clock: FakeClock, academy: Academy
) -> None:
    token = issue(system_database, clock, academy)
    with system_database.read() as session:
        stored = session.execute(
            text("SELECT row_to_json(t)::text FROM enrolment_token t WHERE academy_id = :id"),
            {"id": academy.id},
        ).scalar_one()
    assert token not in stored
    assert hashlib.sha256(token.encode()).hexdigest() in stored


def test_an_expired_token_admits_nobody(
    system_database: Database, clock: FakeClock, academy: Academy
) -> None:
    with system_database.write() as session:
        token = issue_enrolment_token(session, clock, academy_id=academy.id, lifetime=timedelta(hours=1))
    clock.advance(hours=1)
    with pytest.raises(BadTokenError):
        enrol(system_database, clock, command(token))


@pytest.mark.parametrize("max_uses", [0, -1, 10_001])
def test_senseless_tokens_are_not_issued(
    system_database: Database, clock: FakeClock, academy: Academy, max_uses: int
) -> None:
    with pytest.raises(InvalidError):
        issue(system_database, clock, academy, max_uses)
