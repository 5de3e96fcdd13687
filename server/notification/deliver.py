"""Hands pending Notices to the channel: take one, send it outside any transaction, write what became of it.

A crash between sending and writing sends the same mail again after its back-off: twice is possible, never
is not. The mail keeps its Message-ID, so that most mail programmes show it once.
"""

from uuid import UUID

from server.kit.clock import Clock
from server.kit.db import Database, WriteSession
from server.kit.outbox import announce
from server.kit.sealing import Keyring
from server.notification.acknowledge_link import make_token
from server.notification.channels import Channel, ChannelError
from server.notification.compose import compose
from server.notification.domain import ATTEMPTS, NoticeKind
from server.notification.messages import AlertTold
from server.notification.repository import LeasedNotice, lease_next, mark_sent, mark_told, mark_tried

BATCH = 40


def deliver(
    database: Database,
    clock: Clock,
    channel: Channel,
    *,
    keyring: Keyring,
    public_url: str,
    alert_id: UUID | None = None,
) -> int:
    """Send what is due, of one Alert or of all, gravest first; how many were handed over.

    Takes the database and not a session, because it must commit before and after each sending. Stops
    early when the channel is out of order; what is left is due again later.
    """
    sent = 0
    for _ in range(BATCH):
        with database.write() as session:
            notice = lease_next(session, clock.now(), alert_id)
            if notice is not None and _is_over(session, notice):
                continue
        if notice is None:
            break
        token = make_token(keyring, notice.notice_id, now=clock.now())
        try:
            channel.send(compose(notice, public_url=public_url, token=token))
        except ChannelError as error:
            with database.write() as session:
                mark_tried(session, notice, code=error.code, is_final=error.is_final)
            if error.is_outage:
                break
            continue
        with database.write() as session:
            _note_sent(session, clock, notice)
        sent += 1
    return sent


def _is_over(session: WriteSession, notice: LeasedNotice) -> bool:
    """Nobody needs a mail about an Alert that has been answered, nor one that broke us at every try.

    A correction is owed even then: whoever answered did so under another level.
    """
    if notice.is_answered and notice.kind != NoticeKind.CORRECTION:
        mark_tried(session, notice, code="answered_before", is_final=True)
        return True
    if notice.attempts > ATTEMPTS:
        mark_tried(session, notice, code="gave_up", is_final=True)
        return True
    return False


def _note_sent(session: WriteSession, clock: Clock, notice: LeasedNotice) -> None:
    now = clock.now()
    mark_sent(session, notice.notice_id, at=now)
    # A trust officer who knows is not an academy that knows.
    alert = mark_told(session, notice.alert_id, at=now) if notice.keeps_records else None
    if alert is not None:
        announce(session, AlertTold(alert.id, alert.event_id, alert.trust_id, alert.academy_id, now))
