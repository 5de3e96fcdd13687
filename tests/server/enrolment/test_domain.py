"""Signatures, clock tolerance and labels."""

from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.enrolment.domain import is_near, is_signed_by, plain_label, token_request_bytes
from tests.kit.clock import MONDAY
from tests.kit.enrolment import public


def test_only_that_key_and_that_message() -> None:
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    signature = key.sign(b"message")
    assert is_signed_by(public(key), signature, b"message")
    assert not is_signed_by(public(other), signature, b"message")
    assert not is_signed_by(public(key), signature, b"massage")


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65)])
def test_rubbish_is_no_signature(signature: bytes) -> None:
    assert not is_signed_by(public(Ed25519PrivateKey.generate()), signature, b"message")
    assert not is_signed_by(b"short", signature, b"message")


def test_what_is_signed_for_a_token() -> None:
    device_id = UUID(int=1)
    expected = b"lantern/token/1\n00000000-0000-0000-0000-000000000001\n2026-11-16T09:00:00+00:00"
    assert token_request_bytes(device_id, "2026-11-16T09:00:00+00:00") == expected


@pytest.mark.parametrize(
    ("seconds", "near"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)]
)
def test_five_minutes_either_way(seconds: int, near: bool) -> None:
    assert is_near(MONDAY + timedelta(seconds=seconds), MONDAY) is near


def test_labels_are_short_and_plain() -> None:
    assert plain_label("linux\x00\n6.1\ud800") == "linux6.1"
    assert len(plain_label("x" * 100)) == 40
