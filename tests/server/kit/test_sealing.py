"""Seals open for the right key and context only, and destroyed keys open nothing."""

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.kit.sealing import (
    SEAL_OVERHEAD_BYTES,
    Keyring,
    SealError,
    ShreddedError,
    decrypt,
    encrypt,
    seal_to,
)
from shared.wire import SEAL_INFO

MASTER = bytes(range(32))
AAD = b"body:00000000-0000-0000-0000-000000000001"


def test_a_device_seal_opens_with_the_servers_key() -> None:
    keyring = Keyring(MASTER)
    sealed = seal_to(keyring.server_public, b"plain", AAD)
    assert len(sealed) == len(b"plain") + SEAL_OVERHEAD_BYTES
    assert keyring.open_sealed(sealed, AAD) == b"plain"


def test_the_format_is_the_published_one() -> None:
    """Built here step by step from the published description, without our own sealing code."""
    keyring = Keyring(MASTER)
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(keyring.server_public))
    key = HKDF(SHA256(), 32, salt=public + keyring.server_public, info=SEAL_INFO).derive(secret)
    nonce = bytes(12)
    sealed = public + nonce + AESGCM(key).encrypt(nonce, b"by hand", AAD)
    assert keyring.open_sealed(sealed, AAD) == b"by hand"


def test_two_servers_cannot_open_each_others_seals() -> None:
    sealed = seal_to(Keyring(MASTER).server_public, b"plain", AAD)
    with pytest.raises(SealError):
        Keyring(bytes(32)).open_sealed(sealed, AAD)


@pytest.mark.parametrize("position", [0, 31, 32, 43, 44, -1])
def test_one_changed_byte_anywhere_closes_the_seal(position: int) -> None:
    keyring = Keyring(MASTER)
    sealed = bytearray(seal_to(keyring.server_public, b"plain", AAD))
    sealed[position] ^= 1
    with pytest.raises(SealError):
        keyring.open_sealed(bytes(sealed), AAD)


@pytest.mark.parametrize("length", [0, 1, 32, SEAL_OVERHEAD_BYTES - 1])
def test_a_short_seal_is_refused(length: int) -> None:
    with pytest.raises(SealError):
        Keyring(MASTER).open_sealed(bytes(length), AAD)


def test_a_low_order_point_is_refused() -> None:
    with pytest.raises(SealError):
        Keyring(MASTER).open_sealed(bytes(100), AAD)


def test_another_events_context_does_not_open_it() -> None:
    keyring = Keyring(MASTER)
    sealed = seal_to(keyring.server_public, b"plain", AAD)
    with pytest.raises(SealError):
        keyring.open_sealed(sealed, b"blob:00000000-0000-0000-0000-000000000001")


def test_a_data_key_unwraps_only_under_its_own_id() -> None:
    keyring = Keyring(MASTER)
    one, other = keyring.new_data_key(), keyring.new_data_key()
    assert keyring.unwrap(one.id, one.wrapped) == one.key
    assert one.key != other.key
    with pytest.raises(SealError):
        keyring.unwrap(other.id, one.wrapped)


def test_a_destroyed_key_opens_nothing() -> None:
    keyring = Keyring(MASTER)
    with pytest.raises(ShreddedError):
        keyring.unwrap(keyring.new_data_key().id, None)


def test_nothing_prints_a_key() -> None:
    keyring = Keyring(MASTER)
    key = keyring.new_data_key()
    assert key.key.hex() not in repr(key)
    assert repr(key.key) not in repr(key)
    assert repr(MASTER) not in repr(keyring)


def test_at_rest_sealing_is_bound_to_its_context_and_never_repeats() -> None:
    key = bytes(32)
    assert encrypt(key, b"a", b"event:1") != encrypt(key, b"a", b"event:1")
    assert decrypt(key, encrypt(key, b"a", b"event:1"), b"event:1") == b"a"
    with pytest.raises(SealError):
        decrypt(key, encrypt(key, b"a", b"event:1"), b"message:1")
    with pytest.raises(SealError):
        decrypt(key, b"short", b"event:1")


def test_a_master_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring(b"short")


def test_purposes_have_unrelated_keys() -> None:
    keyring = Keyring(MASTER)
    assert keyring.derive(b"a") != keyring.derive(b"b")
    assert keyring.derive(b"a") == Keyring(MASTER).derive(b"a")
