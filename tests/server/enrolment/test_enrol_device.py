"""Devices are admitted by a token only, as often as it allows, and everything else gets one answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from server.enrolment.domain import BadTokenError
from server.enrolment.enrol_device import EnrolCommand
from server.kit.db import Database
from tests.kit.clock import FakeClock
from tests.kit.enrolment import command, enrol, issue, public
from tests.kit.organisation import Academy, make_academy


def test_the_token_fixes_academy_and_trust(
    system_database: Database, clock: FakeClock, academy: Academy
) -> None:
    enrolled = enrol(system_database, clock, command(issue(system_database, clock, academy)))
    assert (enrolled.is_new, enrolled.academy_label) == (True, academy.name)
    with system_database.read() as session:
        row = session.execute(
            text("SELECT academy_id, trust_id, platform FROM device WHERE id = :id"),
            {"id": enrolled.device_id},
        ).one()
    assert tuple(row) == (academy.id, academy.trust_id, "linux")


def test_asking_again_gives_the_same_answer_even_when_the_token_is_spent(
    system_database: Database, clock: FakeClock, academy: Academy
) -> None:
    wanted = command(issue(system_database, clock, academy))
    first = enrol(system_database, clock, wanted)
    clock.advance(days=100)
    again = enrol(system_database, clock, wanted)
    assert (again.device_id, again.is_new) == (first.device_id, False)


def test_a_token_admits_as_many_as_it_says(
    system_database: Database, clock: FakeClock, academy: Academy
) -> None:
    token = issue(system_database, clock, academy, max_uses=2)
    enrol(system_database, clock, command(token))
    enrol(system_database, clock, command(token))
    with pytest.raises(BadTokenError):
        enrol(system_database, clock, command(token))


def test_the_last_use_cannot_be_spent_twice_at_once(
    system_database: Database, clock: FakeClock, academy: Academy
) -> None:
    token = issue(system_database, clock, academy, max_uses=3)

    def attempt(_: int) -> bool:
        try:
            return enrol(system_database, clock, command(token)).is_new
        except BadTokenError:
            return False

    with ThreadPoolExecutor(6) as crowd:
        assert sum(crowd.map(attempt, range(12))) == 3


def test_unknown_tokens_bad_proofs_and_odd_keys_are_refused(
    system_database: Database, clock: FakeClock, academy: Academy
) -> None:
    token = issue(system_database, clock, academy)
    sound = command(token)
    stolen_key = EnrolCommand(token, public(Ed25519PrivateKey.generate()), sound.proof, "linux", "1")
    short_key = EnrolCommand(token, sound.public_key[:31], sound.proof, "linux", "1")
    for wanted in (command("no such token"), stolen_key, short_key):
        with pytest.raises(BadTokenError):
            enrol(system_database, clock, wanted)
    assert enrol(system_database, clock, sound).is_new


def test_a_device_cannot_move_to_another_academy_by_itself(
    system_database: Database, clock: FakeClock, academy: Academy
) -> None:
    key = Ed25519PrivateKey.generate()
    enrol(system_database, clock, command(issue(system_database, clock, academy), key))
    elsewhere = issue(system_database, clock, make_academy(system_database))
    with pytest.raises(BadTokenError):
        enrol(system_database, clock, command(elsewhere, key))
