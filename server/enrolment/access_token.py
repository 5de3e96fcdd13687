"""Short-lived access tokens: a device proves its key once and is then believed for ten minutes.

A token is (device id, expiry) under an HMAC made from the master key: nothing is stored, and any server
process can read what another issued. Revocation is checked beside it, never through it.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from server.enrolment.domain import (
    ACCESS_TOKEN_LIFETIME_S,
    DeviceRefusedError,
    is_near,
    is_signed_by,
    token_request_bytes,
)
from server.enrolment.repository import find_sender, mark_seen
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.sealing import Keyring

_TOKEN_BYTES = 16 + 8 + 32
_MAX_TOKEN_CHARS = 100


@dataclass(frozen=True, slots=True)
class TokenCommand:
    """A device's request for an access token; ``ts`` exactly as it was signed."""

    device_id: UUID
    ts: str
    signature: bytes


class AccessTokens:
    """Writes and reads access tokens."""

    def __init__(self, keyring: Keyring) -> None:
        """The signing key is derived, so that no further secret must be kept."""
        self._key = keyring.derive(b"lantern/access-token/1")

    def write(self, device_id: UUID, now: datetime) -> str:
        """A token that holds for ACCESS_TOKEN_LIFETIME_S from ``now``."""
        expires_at = int((now + timedelta(seconds=ACCESS_TOKEN_LIFETIME_S)).timestamp())
        payload = device_id.bytes + expires_at.to_bytes(8, "big")
        return base64.urlsafe_b64encode(payload + self._mac(payload)).decode().rstrip("=")

    def read(self, token: str, now: datetime) -> UUID:
        """The device the token speaks for. Raises DeviceRefusedError."""
        if len(token) > _MAX_TOKEN_CHARS or not token.isascii():
            raise DeviceRefusedError
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error) as error:
            raise DeviceRefusedError from error
        if len(raw) != _TOKEN_BYTES or not hmac.compare_digest(raw[24:], self._mac(raw[:24])):
            raise DeviceRefusedError
        if int.from_bytes(raw[16:24], "big") <= now.timestamp():
            raise DeviceRefusedError
        return UUID(bytes=raw[:16])

    def _mac(self, payload: bytes) -> bytes:
        return hmac.new(self._key, payload, hashlib.sha256).digest()


def issue_access_token(
    session: WriteSession, clock: Clock, command: TokenCommand, *, tokens: AccessTokens
) -> str:
    """An access token for a device that proves its key now. Raises DeviceRefusedError."""
    now = clock.now()
    sender = find_sender(session, command.device_id)
    message = token_request_bytes(command.device_id, command.ts)
    if sender is None or not is_signed_by(sender.public_key, command.signature, message):
        raise DeviceRefusedError
    if not is_near(_moment(command.ts), now):
        raise DeviceRefusedError
    mark_seen(session, command.device_id, now)
    return tokens.write(command.device_id, now)


def _moment(ts: str) -> datetime:
    try:
        moment = datetime.fromisoformat(ts)
    except ValueError as error:
        raise DeviceRefusedError from error
    if moment.tzinfo is None:
        raise DeviceRefusedError
    return moment
