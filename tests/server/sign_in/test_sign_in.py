"""Signing in: the right password once, anything else the same answer, and only so many tries."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server.access.identify import identify
from server.kit.db import Database
from server.organisation.domain import Role
from server.sign_in import sign_in as verb
from server.sign_in.domain import ATTEMPTS, ATTEMPTS_WINDOW, BadCredentialsError, NotSignedInError
from server.sign_in.passwords import hash_password
from server.sign_in.sign_in import Credentials, sign_in, sign_out
from tests.kit.clock import FakeClock
from tests.kit.organisation import Staff, make_staff

PASSWORD = "a lamp in the window"
HASH = hash_password(PASSWORD)


@pytest.fixture
def staff(system_database: Database) -> Staff:
    return make_staff(system_database, Role.DSL, password_hash=HASH)


def _try(system_database: Database, clock: FakeClock, email: str, password: str = PASSWORD) -> bool:
    try:
        sign_in(system_database, clock, Credentials(email, password))
    except BadCredentialsError:
        return False
    return True


def _verbs(system_database: Database, staff: Staff) -> list[str]:
    with system_database.read() as session:
        statement = text("SELECT verb FROM audit_entry WHERE subject_id = :id ORDER BY id")
        return list(session.execute(statement, {"id": staff.id}).scalars())


def test_the_right_password_opens_a_session(
    system_database: Database, clock: FakeClock, staff: Staff
) -> None:
    token = sign_in(system_database, clock, Credentials(f" {staff.email.upper()}", PASSWORD))
    assert identify(system_database, clock, token).staff_id == staff.id
    assert _verbs(system_database, staff) == ["signed_in"]


def test_two_sign_ins_are_two_sessions(system_database: Database, clock: FakeClock, staff: Staff) -> None:
    first, second = (sign_in(system_database, clock, Credentials(staff.email, PASSWORD)) for _ in range(2))
    assert first != second
    assert sign_out(system_database, first) == staff.id
    with pytest.raises(NotSignedInError):
        identify(system_database, clock, first)
    assert identify(system_database, clock, second).staff_id == staff.id
    assert _verbs(system_database, staff)[-1] == "signed_out"
    assert sign_out(system_database, first) is None


def test_every_refusal_reads_the_same(system_database: Database, clock: FakeClock, staff: Staff) -> None:
    gone = make_staff(system_database, Role.DSL, password_hash=HASH)
    with system_database.write() as session:
        session.execute(text("UPDATE staff SET is_active = false WHERE id = :id"), {"id": gone.id})
    answers = set()
    for email, password in (
        (staff.email, "wrong"),
        ("nobody@staff.test", PASSWORD),
        (gone.email, PASSWORD),
    ):
        with pytest.raises(BadCredentialsError) as refused:
            sign_in(system_database, clock, Credentials(email, password))
        answers.add((refused.value.code, refused.value.status, refused.value.detail))
    assert len(answers) == 1


def test_an_unknown_address_costs_the_same_work(
    system_database: Database, clock: FakeClock, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str | None] = []
    real = verb.is_password

    def counted(stored: str | None, password: str) -> bool:
        checked.append(stored)
        return real(stored, password)

    monkeypatch.setattr(verb, "is_password", counted)
    _try(system_database, clock, staff.email, "wrong")
    _try(system_database, clock, "nobody-at-all@staff.test")
    assert checked == [HASH, None]


def test_ten_failures_close_the_door_for_a_quarter_of_an_hour(
    system_database: Database, clock: FakeClock, staff: Staff
) -> None:
    for _ in range(ATTEMPTS):
        assert not _try(system_database, clock, staff.email, "wrong")
    assert not _try(system_database, clock, staff.email)
    assert not _try(system_database, clock, staff.email.upper())
    clock.at += ATTEMPTS_WINDOW + timedelta(seconds=1)
    assert _try(system_database, clock, staff.email)


def test_one_success_wipes_the_slate(system_database: Database, clock: FakeClock, staff: Staff) -> None:
    for _ in range(2):
        for _ in range(ATTEMPTS - 1):
            clock.advance(seconds=1)
            _try(system_database, clock, staff.email, "wrong")
        clock.advance(seconds=1)
        assert _try(system_database, clock, staff.email)


def test_another_s_failures_do_not_count(system_database: Database, clock: FakeClock, staff: Staff) -> None:
    for _ in range(ATTEMPTS + 1):
        _try(system_database, clock, "somebody-else@staff.test", "wrong")
    assert _try(system_database, clock, staff.email)


def test_neither_password_nor_address_is_written_down(
    system_database: Database, clock: FakeClock, staff: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    _try(system_database, clock, "private-address@staff.test", "my other password")
    with system_database.read() as session:
        rows = session.execute(text("SELECT a::text FROM sign_in_attempt a")).scalars().all()
        rows += session.execute(text("SELECT a::text FROM audit_entry a")).scalars().all()
    written = " ".join([*rows, caplog.text, repr(Credentials("a", "my other password"))])
    assert "private-address" not in written
    assert "my other password" not in written
