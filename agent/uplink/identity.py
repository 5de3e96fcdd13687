"""Who this device is: its Ed25519 key, what enrolment told it, and how it proves itself.

The private key never leaves its file (0600). Proofs follow the device protocol: each begins with a
domain of its own, so that a signature made for one purpose can never serve another.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.spool.sealing import KEY_BYTES, write_private
from shared.wire import FrameError, from_base64, to_base64

KEY_FILE = "device.key"
ENROLMENT_FILE = "enrolment.json"
_ENROL_DOMAIN = b"lantern/enrol/1\n"
_TOKEN_DOMAIN = b"lantern/token/1\n"
_DEDUP_DOMAIN = b"lantern/dedup/1"


class IdentityError(RuntimeError):
    """The device's own files are unusable; the message names the file."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the server said when it admitted this device."""

    device_id: UUID
    academy_label: str
    server_key: bytes


class Identity:
    """The device's key, made at the first use."""

    def __init__(self, folder: Path) -> None:
        path = folder / KEY_FILE
        if not path.exists():
            write_private(path, Ed25519PrivateKey.generate().private_bytes_raw())
        raw = path.read_bytes()
        if len(raw) != KEY_BYTES:
            raise IdentityError(f"{KEY_FILE} is not a key")
        self._key = Ed25519PrivateKey.from_private_bytes(raw)
        self.dedup_key = hmac.new(raw, _DEDUP_DOMAIN, hashlib.sha256).digest()

    def sign(self, message: bytes) -> str:
        """The base64 signature over ``message``, which must begin with its domain."""
        return to_base64(self._key.sign(message))

    def enrol_request(self, token: str, *, platform: str, agent_version: str) -> dict[str, Any]:
        """What asks for admission. Asking again with the same token gets the same answer."""
        return {
            "token": token,
            "public_key": to_base64(self._key.public_key().public_bytes_raw()),
            "proof": self.sign(_ENROL_DOMAIN + token.encode()),
            "platform": platform,
            "agent_version": agent_version,
        }

    def token_request(self, device_id: UUID, now: datetime) -> dict[str, Any]:
        """What asks for an access token at ``now``."""
        moment = now.isoformat()
        signed = _TOKEN_DOMAIN + str(device_id).encode() + b"\n" + moment.encode()
        return {"device_id": str(device_id), "ts": moment, "signature": self.sign(signed)}


def read_enrolment(folder: Path) -> Enrolment | None:
    """What an earlier enrolment left; None if this device was never admitted."""
    path = folder / ENROLMENT_FILE
    if not path.exists():
        return None
    try:
        return enrolment_of(json.loads(path.read_bytes()))
    except ValueError as error:
        raise IdentityError(f"{ENROLMENT_FILE} cannot be read") from error


def enrolment_of(answer: object) -> Enrolment:
    """The Enrolment in the server's answer. Raises ValueError on anything else."""
    if not isinstance(answer, dict):
        raise FrameError("an enrolment is an object")
    try:
        server_key = from_base64(str(answer["server_key"]))
        enrolment = Enrolment(UUID(str(answer["device_id"])), str(answer["academy_label"]), server_key)
    except KeyError as error:
        raise FrameError("an enrolment without its fields") from error
    if len(server_key) != KEY_BYTES:
        raise FrameError("the server's key has the wrong length")
    return enrolment


def keep_enrolment(folder: Path, enrolment: Enrolment) -> None:
    """Write what ``read_enrolment`` reads."""
    content = {
        "device_id": str(enrolment.device_id),
        "academy_label": enrolment.academy_label,
        "server_key": to_base64(enrolment.server_key),
    }
    write_private(folder / ENROLMENT_FILE, json.dumps(content).encode())
