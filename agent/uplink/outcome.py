"""What an answer means for what was sent: one pure function over status and content type (PEERS.md §3).

Nothing here decides to drop a whole batch: a refusal of many is halved until it is a refusal of one.
"""

from enum import Enum, auto


class Outcome(Enum):
    """What to do next with what was sent."""

    DONE = auto()
    """The server answered as itself; the answer says what became of each item."""
    REFUSED = auto()
    """Malformed in the server's eyes. One item: count it as lost. More: halve, to find the one."""
    REFRESH_TOKEN = auto()
    INTERMEDIARY = auto()
    """Something between us answered (a filter, a captive portal). Keep everything, try again later."""
    RETRY = auto()
    OTHER_VERSION = auto()
    """The server does not speak our protocol. Keep everything and wait for an update."""
    HALVE = auto()
    UNSUPPORTED_ENCODING = auto()
    """Nothing we send is compressed, so only an intermediary says this: keep and retry."""


_BY_STATUS = {
    400: Outcome.REFUSED,
    401: Outcome.REFRESH_TOKEN,
    403: Outcome.INTERMEDIARY,
    407: Outcome.INTERMEDIARY,
    408: Outcome.RETRY,
    409: Outcome.OTHER_VERSION,
    413: Outcome.HALVE,
    415: Outcome.UNSUPPORTED_ENCODING,
    422: Outcome.REFUSED,
    425: Outcome.RETRY,
    426: Outcome.INTERMEDIARY,
    429: Outcome.RETRY,
    451: Outcome.INTERMEDIARY,
    500: Outcome.RETRY,
    502: Outcome.RETRY,
    503: Outcome.RETRY,
    504: Outcome.RETRY,
}


def classify(status: int | None, content_type: str = "") -> Outcome:
    """The Outcome of an answer; ``status`` None: there was no answer at all."""
    if status is None:
        return Outcome.RETRY
    if "html" in content_type.lower():
        # Our server never speaks HTML on these paths: even a 200 is a login page of somebody else.
        return Outcome.INTERMEDIARY
    if 200 <= status < 300:
        return Outcome.DONE
    return _BY_STATUS.get(status, Outcome.RETRY)
