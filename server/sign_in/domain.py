"""The rules of a session and of failed attempts, on plain values."""

import hashlib
from datetime import datetime, timedelta

from server.kit.errors import KnownError, UnauthenticatedError

COOKIE = "lantern_session"
IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
# A session's row is touched at most this often: one write in thirty seconds instead of one per request.
TOUCH_AFTER = timedelta(seconds=30)
ATTEMPTS = 10
ATTEMPTS_WINDOW = timedelta(minutes=15)


class BadCredentialsError(UnauthenticatedError):
    """The address or the password is wrong, or there were too many failures: which, is never told."""

    code = "bad_credentials"

    def __init__(self) -> None:
        super().__init__("That e-mail address and password do not match, or there were too many attempts.")


class NotSignedInError(UnauthenticatedError):
    """No session, an ended one, or a member of staff who has left."""

    def __init__(self) -> None:
        super().__init__("Please sign in.")


class ForeignPageError(KnownError):
    """A changing request that our own pages did not send."""

    code = "foreign_page"
    status = 403

    def __init__(self) -> None:
        super().__init__("Changing requests need the header X-Lantern: 1.")


def sha256(value: str) -> bytes:
    """What the database keeps instead of a token or an address."""
    return hashlib.sha256(value.encode()).digest()


def is_live(now: datetime, last_seen_at: datetime, expires_at: datetime) -> bool:
    """Whether a session still holds: seen within the idle time and younger than its end."""
    return now < expires_at and now - last_seen_at < IDLE


def needs_touch(now: datetime, last_seen_at: datetime) -> bool:
    """Whether the time it was last seen is old enough to be worth a write."""
    return now - last_seen_at >= TOUCH_AFTER
