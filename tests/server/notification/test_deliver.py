"""Sending: outside the deciding transaction, again after a failure, twice rather than never."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.notification.acknowledge import acknowledge
from server.notification.channels import ChannelError, Mail
from server.notification.domain import ATTEMPTS
from server.notification.repository import lease_next
from server.notification.tell import tell
from tests.kit.chain import RecordingChannel, deliver_all, rows
from tests.kit.clock import FakeClock
from tests.kit.organisation import actor_for
from tests.server.notification.conftest import School

NOTICES = (
    "SELECT state, attempts, error_code, sent_at FROM notice WHERE alert_id = :id ORDER BY state, attempts"
)
ALERT = "SELECT state, told_at FROM alert WHERE id = :id"
TOLD = "SELECT count(*) FROM outbox WHERE name = 'AlertTold' AND payload->>'alert_id' = CAST(:id AS text)"


@pytest.fixture
def alert_id(system_database: Database, clock: FakeClock, raise_level: Callable[[int], UUID]) -> UUID:
    alert = raise_level(4)
    with system_database.write() as session:
        tell(session, clock, alert)
    return alert


def test_a_notice_is_sent_once_and_the_alert_is_told_once(
    system_database: Database, keyring: Keyring, clock: FakeClock, school: School, alert_id: UUID
) -> None:
    channel = RecordingChannel()
    clock.advance(seconds=3)
    for _ in range(3):
        deliver_all(system_database, clock, keyring, channel, alert_id)
    assert sorted(channel.readers()) == school.keepers
    assert rows(system_database, NOTICES, id=alert_id) == [("sent", 1, None, clock.now())] * 2
    assert rows(system_database, ALERT, id=alert_id) == [("told", clock.now())]
    assert rows(system_database, TOLD, id=alert_id) == [(1,)]


def test_nothing_is_open_while_a_mail_is_on_its_way(
    owner_url: str, system_database: Database, keyring: Keyring, clock: FakeClock, alert_id: UUID
) -> None:
    """A transaction held open over SMTP would hold back every live screen."""
    seen = []

    class Looking(RecordingChannel):
        def send(self, mail: Mail) -> None:
            super().send(mail)
            seen.extend(
                rows(
                    system_database,
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()",
                )
            )

    deliver_all(system_database, clock, keyring, Looking(), alert_id)
    assert seen == [(0,), (0,)]


def test_a_failure_is_tried_again_with_patience_and_then_seen(
    system_database: Database, keyring: Keyring, clock: FakeClock, alert_id: UUID
) -> None:
    channel = RecordingChannel(error=ChannelError("smtp_451"))
    start = clock.now()
    tried_after = []
    for _ in range(200):
        before = rows(
            system_database, "SELECT sum(attempts)::int FROM notice WHERE alert_id = :id", id=alert_id
        )
        deliver_all(system_database, clock, keyring, channel, alert_id)
        after = rows(
            system_database, "SELECT sum(attempts)::int FROM notice WHERE alert_id = :id", id=alert_id
        )
        if after != before:
            tried_after.append(clock.now() - start)
        clock.advance(seconds=5)
    assert tried_after == [timedelta(seconds=one) for one in (0, 30, 90, 210, 450)]
    assert rows(system_database, NOTICES, id=alert_id) == [("failed", ATTEMPTS, "smtp_451", None)] * 2
    assert rows(system_database, ALERT, id=alert_id) == [("raised", None)]


def test_one_reader_who_cannot_be_reached_does_not_stop_the_other(
    system_database: Database, keyring: Keyring, clock: FakeClock, school: School, alert_id: UUID
) -> None:
    class Picky(RecordingChannel):
        def send(self, mail: Mail) -> None:
            if mail.to_address == school.dsl.email:
                raise ChannelError("smtp_550", is_final=True)
            super().send(mail)

    channel = Picky()
    deliver_all(system_database, clock, keyring, channel, alert_id)
    assert channel.readers() == [school.deputy.email]
    assert rows(system_database, NOTICES, id=alert_id) == [
        ("failed", 1, "smtp_550", None),
        ("sent", 1, None, clock.now()),
    ]
    assert rows(system_database, ALERT, id=alert_id) == [("told", clock.now())]


def test_an_outage_ends_the_round_and_the_next_one_sends(
    system_database: Database, keyring: Keyring, clock: FakeClock, school: School, alert_id: UUID
) -> None:
    channel = RecordingChannel(error=ChannelError("smtp_unreachable", is_outage=True))
    assert deliver_all(system_database, clock, keyring, channel, alert_id) == 0
    assert [row[1] for row in rows(system_database, NOTICES, id=alert_id)] == [0, 1]
    channel.error = None
    clock.advance(seconds=30)
    assert deliver_all(system_database, clock, keyring, channel, alert_id) == 2
    assert sorted(channel.readers()) == school.keepers


def test_a_crash_between_sending_and_writing_sends_twice_and_never_zero_times(
    system_database: Database, keyring: Keyring, clock: FakeClock, school: School, alert_id: UUID
) -> None:
    class Dying(RecordingChannel):
        def send(self, mail: Mail) -> None:
            super().send(mail)
            raise KeyboardInterrupt

    first = Dying()
    with pytest.raises(KeyboardInterrupt):
        deliver_all(system_database, clock, keyring, first, alert_id)
    second = RecordingChannel()
    clock.advance(seconds=30)
    deliver_all(system_database, clock, keyring, second, alert_id)
    assert len(first.sent) == 1
    assert sorted(second.readers()) == school.keepers
    ids = [mail.message_id for mail in first.sent]
    assert ids[0] in [mail.message_id for mail in second.sent], "a mail programme can see that it is the same"


def test_a_notice_in_one_process_hands_is_not_sent_by_another(
    system_database: Database, keyring: Keyring, clock: FakeClock, alert_id: UUID
) -> None:
    with system_database.write() as session:
        leased = lease_next(session, clock.now(), alert_id)
    assert leased is not None
    other = RecordingChannel()
    deliver_all(system_database, clock, keyring, other, alert_id)
    assert leased.email not in other.readers()
    assert len(other.sent) == 1


def test_nobody_gets_a_mail_about_an_answered_alert(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    school: School,
    alert_id: UUID,
) -> None:
    dsl = actor_for(system_database, school.dsl)
    with database.write(dsl.database_scope()) as session:
        acknowledge(session, dsl, clock, alert_id=alert_id)
    channel = RecordingChannel()
    assert deliver_all(system_database, clock, keyring, channel, alert_id) == 0
    assert channel.sent == []
    assert {row[2] for row in rows(system_database, NOTICES, id=alert_id)} == {"answered_before"}


def test_a_trust_officer_who_knows_is_not_an_academy_that_knows(
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    school: School,
    raise_level: Callable[[int], UUID],
) -> None:
    alert_id = raise_level(5)
    with system_database.write() as session:
        tell(session, clock, alert_id)
    school_ids = {school.dsl.email, school.deputy.email}

    class OnlyOfficer(RecordingChannel):
        def send(self, mail: Mail) -> None:
            if mail.to_address in school_ids:
                raise ChannelError("smtp_550", is_final=True)
            super().send(mail)

    channel = OnlyOfficer()
    deliver_all(system_database, clock, keyring, channel, alert_id)
    assert channel.readers() == [school.officer.email]
    assert rows(system_database, ALERT, id=alert_id) == [("raised", None)]
