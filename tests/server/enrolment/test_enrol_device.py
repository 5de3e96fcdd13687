"""Devices are admitted by a token only, as often as it allows, and everything else gets one answer."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import text
from starlette.testclient import TestClient

from server.enrolment.domain import ENROL_DOMAIN, BadTokenError
from server.enrolment.enrol_device import EnrolCommand, Enrolled, enrol_device
from server.enrolment.issue_enrolment_token import issue_enrolment_token
from server.enrolment.revoke_device import revoke_device
from server.kit.db import Database
from server.kit.errors import InvalidError, NotFoundError
from server.kit.sealing import Keyring
from shared.wire import ENROL_PATH, from_base64, to_base64
from tests.kit.clock import FakeClock
from tests.kit.organisation import Academy, make_academy


@pytest.fixture
def academy(system_database: Database) -> Academy:
    return make_academy(system_database)


def issue(database: Database, clock: FakeClock, academy: Academy, max_uses: int = 1) -> str:
    with database.write() as session:
        return issue_enrolment_token(session, clock, academy_id=academy.id, max_uses=max_uses)


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def command(token: str, key: Ed25519PrivateKey | None = None) -> EnrolCommand:
    key = key or Ed25519PrivateKey.generate()
    return EnrolCommand(token, public(key), key.sign(ENROL_DOMAIN + token.encode()), "linux", "1.0.0")


def enrol(database: Database, clock: FakeClock, wanted: EnrolCommand) -> Enrolled:
    with database.write() as session:
        return enrol_device(session, clock, wanted)


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


def test_an_expired_token_admits_nobody(
    system_database: Database, clock: FakeClock, academy: Academy
) -> None:
    with system_database.write() as session:
        token = issue_enrolment_token(session, clock, academy_id=academy.id, lifetime=timedelta(hours=1))
    clock.advance(hours=1)
    with pytest.raises(BadTokenError):
        enrol(system_database, clock, command(token))


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


def test_a_device_cannot_move_to_another_academy_by_itself(
    system_database: Database, clock: FakeClock, academy: Academy
) -> None:
    key = Ed25519PrivateKey.generate()
    enrol(system_database, clock, command(issue(system_database, clock, academy), key))
    elsewhere = issue(system_database, clock, make_academy(system_database))
    with pytest.raises(BadTokenError):
        enrol(system_database, clock, command(elsewhere, key))


@pytest.mark.parametrize("max_uses", [0, -1, 10_001])
def test_senseless_tokens_are_not_issued(
    system_database: Database, clock: FakeClock, academy: Academy, max_uses: int
) -> None:
    with pytest.raises(InvalidError):
        issue(system_database, clock, academy, max_uses)


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


def test_the_door(
    system_database: Database, clock: FakeClock, keyring: Keyring, academy: Academy, client: TestClient
) -> None:
    wanted = command(issue(system_database, clock, academy))
    body = {
        "token": wanted.token,
        "public_key": to_base64(wanted.public_key),
        "proof": to_base64(wanted.proof),
        "platform": "linux",
        "agent_version": "1.0.0",
    }
    first = client.post(ENROL_PATH, json=body)
    again = client.post(ENROL_PATH, json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    answer = first.json()
    assert UUID(answer["device_id"]) == UUID(again.json()["device_id"])
    assert answer["academy_label"] == academy.name
    assert from_base64(answer["server_key"]) == keyring.server_public
    refused = client.post(ENROL_PATH, json={**body, "token": "another"})
    assert (refused.status_code, refused.json()["code"]) == (403, "bad_token")
    assert client.post(ENROL_PATH, json={**body, "public_key": "%"}).status_code == 403
    assert client.post(ENROL_PATH, json={**body, "public_key": "A" * 65}).status_code in {403, 422}
    assert wanted.token not in client.post(ENROL_PATH, json={"token": wanted.token}).text
