"""Two seals: one that only the server can open (for the journey), one of this device (for its disk).

The server's seal is ephemeral X25519, HKDF-SHA256 and AES-256-GCM, laid out as
``ephemeral public key (32) || nonce (12) || ciphertext and tag``. The device's seal is AES-256-GCM
under a key file that only the agent's account can read.
"""

import os
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.wire import SEAL_INFO

KEY_BYTES = 32
NONCE_BYTES = 12


class SealError(ValueError):
    """Something that should be sealed cannot be opened."""


def body_context(event_id: UUID) -> bytes:
    """What binds a sealed body to its Event."""
    return b"body:" + str(event_id).encode()


def blob_context(event_id: UUID) -> bytes:
    """What binds a sealed screenshot to its Event."""
    return b"blob:" + str(event_id).encode()


def seal_to_server(plain: bytes, server_key: bytes, context: bytes) -> bytes:
    """``plain`` for the server alone. ``server_key``: its raw X25519 public key."""
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    shared_secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(server_key))
    key = HKDF(SHA256(), KEY_BYTES, salt=public + server_key, info=SEAL_INFO).derive(shared_secret)
    nonce = os.urandom(NONCE_BYTES)
    return public + nonce + AESGCM(key).encrypt(nonce, plain, context)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only this account may read, whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


class DeviceSeal:
    """Seals rows for this device's own disk."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def of_file(cls, path: Path) -> "DeviceSeal":
        """With the key in ``path``, which is made at the first use."""
        if not path.exists():
            write_private(path, AESGCM.generate_key(KEY_BYTES * 8))
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise SealError(f"{path.name} is not a key")
        return cls(key)

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """``plain`` bound to ``context``."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """What was sealed. Raises SealError if it was altered, moved or sealed under another key."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
        except (InvalidTag, ValueError) as error:
            raise SealError("a sealed row cannot be opened") from error
