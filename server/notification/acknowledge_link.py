"""The signed token of a mail's link: which notice it came with and until when it holds.

Signed under a key made for this purpose alone. Holding one is not enough: whoever follows it must be
signed in as a DSL or deputy of that academy.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from server.kit.sealing import Keyring
from server.notification.domain import LinkError

PURPOSE = b"lantern/acknowledge-link/1"
HOLDS_FOR = timedelta(days=7)
_ID_BYTES = 16
_TIME_BYTES = 8
_MAC_BYTES = 32


def make_token(keyring: Keyring, notice_id: UUID, *, now: datetime) -> str:
    """A token for one notice, safe in a path."""
    expires = int((now + HOLDS_FOR).timestamp())
    payload = notice_id.bytes + expires.to_bytes(_TIME_BYTES, "big")
    return base64.urlsafe_b64encode(payload + _mac(keyring, payload)).rstrip(b"=").decode()


def read_token(keyring: Keyring, token: str, *, now: datetime) -> UUID:
    """The notice's id. Raises LinkError, without saying what is wrong with it."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise LinkError from error
    payload, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    if len(payload) != _ID_BYTES + _TIME_BYTES or not hmac.compare_digest(mac, _mac(keyring, payload)):
        raise LinkError
    expires_at = datetime.fromtimestamp(int.from_bytes(payload[_ID_BYTES:], "big"), UTC)
    if now >= expires_at:
        raise LinkError
    return UUID(bytes=payload[:_ID_BYTES])


def _mac(keyring: Keyring, payload: bytes) -> bytes:
    return hmac.digest(keyring.derive(PURPOSE), payload, hashlib.sha256)
