"""What a device says to be admitted and to be heard, and the one answer to everybody who may not."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server.kit.errors import ForbiddenError, UnauthenticatedError
from shared.ids import AcademyId, DeviceId, TrustId

ENROL_DOMAIN = b"lantern/enrol/1\n"
TOKEN_DOMAIN = b"lantern/token/1\n"
PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64
ACCESS_TOKEN_LIFETIME_S = 600
CLOCK_TOLERANCE = timedelta(seconds=300)
TOKEN_LIFETIME = timedelta(days=14)
MAX_TOKEN_USES = 10_000
MAX_LABEL_CHARS = 40
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class BadTokenError(ForbiddenError):
    """Unknown, expired or used up, a bad proof, a revoked device: never told apart."""

    code = "bad_token"

    def __init__(self) -> None:
        super().__init__("This device cannot be enrolled; ask for a new enrolment token.")


class DeviceRefusedError(UnauthenticatedError):
    """Whatever was wrong with a device's token, signature or standing: never told apart."""

    def __init__(self) -> None:
        super().__init__("This device is not known here.")


@dataclass(frozen=True, slots=True)
class Sender:
    """An enrolled device as ingest needs it. None of these ever changes for a device."""

    device_id: DeviceId
    academy_id: AcademyId
    trust_id: TrustId
    public_key: bytes


def token_sha256(token: str) -> bytes:
    """What is stored of an enrolment token; the token itself never is."""
    return hashlib.sha256(token.encode()).digest()


def is_signed_by(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether ``signature`` is that key's Ed25519 signature of ``message``."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def token_request_bytes(device_id: UUID, ts: str) -> bytes:
    """What a device signs to be given an access token."""
    return TOKEN_DOMAIN + str(device_id).encode() + b"\n" + ts.encode()


def is_near(ts: datetime, now: datetime) -> bool:
    """Whether a device's time is close enough to ours."""
    return abs(ts - now) <= CLOCK_TOLERANCE


def plain_label(value: str) -> str:
    """A short text from a device that a table can hold: no control characters, no lone surrogates."""
    return _CONTROL.sub("", value)[:MAX_LABEL_CHARS]
