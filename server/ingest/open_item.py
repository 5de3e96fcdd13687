"""Opens one event that a device closed to our key, checks it, and closes it again under a fresh data key."""

from datetime import datetime

from server.enrolment.domain import Sender
from server.evidence.domain import body_aad, event_aad
from server.ingest.domain import (
    CLOCK_IMPLAUSIBLE,
    MAX_APPLICATION_CHARS,
    MAX_SEALED_BODY_CHARS,
    OpenedItem,
    Refusal,
    believed_time,
    storable,
)
from server.ingest.quick_json import read_body
from server.kit.sealing import Keyring, SealError, encrypt
from server.mis.domain import account_candidates
from shared.wire import EventItem, FrameError, decode_body, from_base64

MAX_REASON_CHARS = 80


class RefusedItemError(Exception):
    """This item can never be accepted."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code.value)
        self.code = code


def open_item(
    item: EventItem, sender: Sender, *, signature: bytes, received_at: datetime, keyring: Keyring
) -> OpenedItem:
    """The event, ready to be stored. Raises RefusedItemError; what it carried is in no message."""
    header = item.header
    if len(item.sealed_body) > MAX_SEALED_BODY_CHARS:
        raise RefusedItemError(Refusal.TOO_LARGE)
    try:
        plain = keyring.open_sealed(from_base64(item.sealed_body), body_aad(header.id))
    except (FrameError, SealError) as error:
        raise RefusedItemError(Refusal.BAD_SEAL) from error
    try:
        body = read_body(plain) or decode_body(plain)
    except (FrameError, OverflowError, RecursionError, AttributeError) as error:
        raise RefusedItemError(Refusal.BAD_BODY) from error
    occurred_at, is_believed = believed_time(header.occurred_at, received_at)
    reasons = tuple(storable(reason, MAX_REASON_CHARS) for reason in header.reasons)
    key = keyring.new_data_key()
    return OpenedItem(
        sender=sender,
        header=header,
        occurred_at=occurred_at,
        reasons=reasons if is_believed else (*reasons, CLOCK_IMPLAUSIBLE),
        application=storable(body.application, MAX_APPLICATION_CHARS),
        accounts=tuple(storable(name, len(name)) for name in account_candidates(body.account)),
        key_id=key.id,
        wrapped=key.wrapped,
        # The very bytes the device sealed, not our reading of them.
        body=encrypt(key.key, plain, event_aad(header.id)),
        signature=signature,
    )
