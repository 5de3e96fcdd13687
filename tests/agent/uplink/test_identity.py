"""The device's key and what it signs; what enrolment left behind."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from agent.uplink.identity import (
    ENROLMENT_FILE,
    KEY_FILE,
    Enrolment,
    Identity,
    IdentityError,
    enrolment_of,
    keep_enrolment,
    read_enrolment,
)
from shared.wire import from_base64, to_base64

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def test_the_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = Identity(tmp_path).enrol_request("t", platform="linux", agent_version="1")
    second = Identity(tmp_path).enrol_request("t", platform="linux", agent_version="1")
    assert first == second
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert Identity(tmp_path).dedup_key == Identity(tmp_path).dedup_key
    assert Identity(tmp_path).dedup_key not in (tmp_path / KEY_FILE).read_bytes()


def test_each_proof_has_a_domain_of_its_own(tmp_path: Path) -> None:
    identity, device_id = Identity(tmp_path), uuid4()
    asked = identity.enrol_request("token", platform="linux", agent_version="1")
    key = Ed25519PublicKey.from_public_bytes(from_base64(asked["public_key"]))
    key.verify(from_base64(asked["proof"]), b"lantern/enrol/1\ntoken")
    renewed = identity.token_request(device_id, NOW)
    signed = f"lantern/token/1\n{device_id}\n{NOW.isoformat()}".encode()
    key.verify(from_base64(renewed["signature"]), signed)
    with pytest.raises(InvalidSignature):
        key.verify(from_base64(renewed["signature"]), signed.replace(b"token/1", b"enrol/1"))


def test_an_enrolment_is_kept_and_read(tmp_path: Path) -> None:
    assert read_enrolment(tmp_path) is None
    enrolment = Enrolment(uuid4(), "Northfield", bytes(range(32)))
    keep_enrolment(tmp_path, enrolment)
    assert read_enrolment(tmp_path) == enrolment


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {"device_id": "no", "academy_label": "x", "server_key": to_base64(bytes(32))},
        {"device_id": str(uuid4()), "academy_label": "x", "server_key": to_base64(bytes(31))},
        {"device_id": str(uuid4()), "academy_label": "x", "server_key": "%"},
        {"device_id": str(uuid4()), "academy_label": "x"},
    ],
)
def test_an_answer_that_is_no_enrolment_is_refused(answer: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        enrolment_of(answer)


def test_damaged_files_are_named(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"x")
    with pytest.raises(IdentityError, match=KEY_FILE):
        Identity(tmp_path)
    (tmp_path / ENROLMENT_FILE).write_text("{")
    with pytest.raises(IdentityError, match=ENROLMENT_FILE):
        read_enrolment(tmp_path)
