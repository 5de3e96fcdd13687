"""Sealing: opening what a device closed to the server's key, and keeping it closed at rest.

Every record has a data key of its own, wrapped by the master key; destroying the wrapped key makes
whatever it closed unreadable for good. Failures never say which step failed or carry any content.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.kit.errors import KnownError
from shared.wire import SEAL_INFO

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
SEAL_OVERHEAD_BYTES = KEY_BYTES + NONCE_BYTES + TAG_BYTES


class SealError(Exception):
    """A seal that does not open: wrong key, wrong context, damaged or too short."""


class ShreddedError(KnownError):
    """The data key was destroyed on purpose; nothing can open this any more."""

    code = "shredded"
    status = 410


@dataclass(frozen=True, slots=True)
class DataKey:
    """A fresh data key: ``wrapped`` is stored, ``key`` lives only as long as this object."""

    id: UUID
    key: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)


def encrypt(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """nonce(12) || AES-256-GCM of ``plaintext`` under ``key``, bound to ``aad``."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, aad)


def decrypt(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """What ``encrypt`` closed. Raises SealError."""
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise SealError("too short")
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)
    except InvalidTag as error:
        raise SealError("does not open") from error


def seal_to(server_public: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Close ``plaintext`` to a server's X25519 key, as every device does.

    The server itself needs this only to prove a deployment (``python -m server.simulate``) and in tests.
    """
    ephemeral = X25519PrivateKey.generate()
    ephemeral_public = ephemeral.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    shared_secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(server_public))
    key = _seal_key(shared_secret, ephemeral_public, server_public)
    return ephemeral_public + encrypt(key, plaintext, aad)


class Keyring:
    """The server's secrets, all made from one master key of 32 bytes."""

    def __init__(self, master_key: bytes) -> None:
        """``master_key`` comes from the settings; losing it loses every body and screenshot."""
        if len(master_key) != KEY_BYTES:
            raise ValueError(f"the master key must be {KEY_BYTES} bytes, got {len(master_key)}")
        self._master_key = master_key
        self._wrapping = AESGCM(master_key)
        self._private = X25519PrivateKey.from_private_bytes(self.derive(b"lantern/server-seal/1"))
        self.server_public = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def __repr__(self) -> str:
        """Names the key without giving it away."""
        return f"Keyring({hashlib.sha256(self.server_public).hexdigest()[:8]})"

    def derive(self, purpose: bytes) -> bytes:
        """A key of 32 bytes for one named purpose; purposes cannot be told from one another's keys."""
        return HKDF(SHA256(), KEY_BYTES, salt=b"lantern/master/1", info=purpose).derive(self._master_key)

    def open_sealed(self, sealed: bytes, aad: bytes) -> bytes:
        """What a device closed to ``server_public``. Raises SealError."""
        if len(sealed) < SEAL_OVERHEAD_BYTES:
            raise SealError("too short")
        ephemeral_public = sealed[:KEY_BYTES]
        try:
            shared_secret = self._private.exchange(X25519PublicKey.from_public_bytes(ephemeral_public))
        except ValueError as error:  # a low-order point
            raise SealError("does not open") from error
        key = _seal_key(shared_secret, ephemeral_public, self.server_public)
        return decrypt(key, sealed[KEY_BYTES:], aad)

    def new_data_key(self) -> DataKey:
        """A data key nobody has used yet."""
        key_id = uuid4()
        key = os.urandom(KEY_BYTES)
        nonce = os.urandom(NONCE_BYTES)
        return DataKey(key_id, key, nonce + self._wrapping.encrypt(nonce, key, key_id.bytes))

    def unwrap(self, key_id: UUID, wrapped: bytes | None) -> bytes:
        """The data key ``key_id``. Raises ShreddedError when it was destroyed, SealError when damaged."""
        if wrapped is None:
            raise ShreddedError("This was destroyed when its retention period ended.")
        return decrypt(self._master_key, wrapped, key_id.bytes)


def _seal_key(shared_secret: bytes, ephemeral_public: bytes, server_public: bytes) -> bytes:
    # HKDF-SHA256 (RFC 5869) for exactly one block, in two one-shot HMACs: this runs for every event.
    extracted = hmac.digest(ephemeral_public + server_public, shared_secret, "sha256")
    return hmac.digest(extracted, SEAL_INFO + b"\x01", "sha256")
