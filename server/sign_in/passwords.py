"""Argon2id hashes of passwords. A wrong address costs the same work as a wrong password."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# RFC 9106 §4, second recommended set: 64 MiB, three passes; about 50 ms on one core.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
# The hash of a password nobody has, made with the same parameters: what an unknown address is checked against.
NOBODYS_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=1$AnL01+yKbxHMJLe/Zkmunw$rQ7hXLYEIFt4w8I/BwVJjvoj9dDswVfssYl5tcQyAZI"
)


def hash_password(password: str) -> str:
    """Argon2id with a fresh salt, parameters included."""
    return _HASHER.hash(password)


def is_password(stored_hash: str | None, password: str) -> bool:
    """Whether it is the one; without a hash the same work is done and the answer is no."""
    try:
        _HASHER.verify(stored_hash or NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored_hash is not None


def is_outdated(stored_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored_hash)
