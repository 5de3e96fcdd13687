"""A link's token: only ours, only for its purpose, only for a week."""

import base64
import hashlib
import hmac
from datetime import timedelta
from uuid import uuid4

import pytest

from server.kit.sealing import Keyring
from server.notification.acknowledge_link import HOLDS_FOR, make_token, read_token
from server.notification.domain import LinkError
from tests.kit.clock import MONDAY


def test_it_names_its_notice_until_it_ends(keyring: Keyring) -> None:
    notice_id = uuid4()
    token = make_token(keyring, notice_id, now=MONDAY)
    assert read_token(keyring, token, now=MONDAY + HOLDS_FOR - timedelta(seconds=1)) == notice_id
    with pytest.raises(LinkError):
        read_token(keyring, token, now=MONDAY + HOLDS_FOR)


def test_it_fits_into_a_path(keyring: Keyring) -> None:
    token = make_token(keyring, uuid4(), now=MONDAY)
    assert len(token) < 100
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_every_changed_byte_is_found(keyring: Keyring) -> None:
    token = make_token(keyring, uuid4(), now=MONDAY)
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1
        with pytest.raises(LinkError):
            read_token(keyring, base64.urlsafe_b64encode(bytes(changed)).decode().rstrip("="), now=MONDAY)


@pytest.mark.parametrize("token", ["", "a", "no token", "ä" * 20, "A" * 75, "A" * 76, "A" * 200])
def test_what_is_no_token(keyring: Keyring, token: str) -> None:
    with pytest.raises(LinkError):
        read_token(keyring, token, now=MONDAY)


def test_another_installation_and_another_purpose_sign_differently(keyring: Keyring) -> None:
    token = make_token(Keyring(b"other master key of 32 bytes....."[:32]), uuid4(), now=MONDAY)
    with pytest.raises(LinkError):
        read_token(keyring, token, now=MONDAY)
    payload = uuid4().bytes + int((MONDAY + HOLDS_FOR).timestamp()).to_bytes(8, "big")
    mac = hmac.digest(keyring.derive(b"lantern/another-purpose/1"), payload, hashlib.sha256)
    with pytest.raises(LinkError):
        read_token(keyring, base64.urlsafe_b64encode(payload + mac).decode().rstrip("="), now=MONDAY)
