"""What a moderator sees of the queue: the order of claiming, whose it is, how many, and nobody else's."""

from datetime import timedelta

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.live_queue.claim import claim_event
from server.live_queue.domain import ReviewState
from server.live_queue.repository import count_earlier, count_queue, find_held, list_queue, standing_of
from server.organisation.domain import Role
from shared.taxonomy import Severity
from tests.kit.chain import make_moderator
from tests.kit.clock import MONDAY, FakeClock
from tests.kit.live_queue import make_known_student, queue_event
from tests.kit.organisation import make_academy, make_actor


def test_the_list_is_in_the_order_of_claiming_with_held_events_among_them(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock
) -> None:
    academy = make_academy(system_database)
    mine, other = make_moderator(system_database, academy), make_moderator(system_database, academy)
    three = queue_event(system_database, keyring, academy, severity=Severity.LEVEL_3)
    five = queue_event(system_database, keyring, academy, severity=Severity.LEVEL_5)
    four = queue_event(system_database, keyring, academy, severity=Severity.LEVEL_4)
    for moderator, event_id in ((mine, five), (other, four)):
        with database.write(moderator.database_scope()) as session:
            claim_event(session, moderator, clock, event_id)
    with database.read(mine.database_scope()) as session:
        seen = list_queue(session, mine)
        counts = [count_queue(session, mine, state) for state in (ReviewState.QUEUED, ReviewState.CLAIMED)]
    assert [(line.event_id, line.state, line.claimed_by_me) for line in seen] == [
        (five, "claimed", True),
        (four, "claimed", False),
        (three, "queued", False),
    ]
    assert counts == [1, 2]


def test_another_trusts_moderator_sees_nothing(
    database: Database, system_database: Database, keyring: Keyring
) -> None:
    academy = make_academy(system_database)
    event_id = queue_event(system_database, keyring, academy)
    stranger = make_actor(system_database, Role.MODERATOR)
    with database.read(stranger.database_scope()) as session:
        assert list_queue(session, stranger) == []
        assert count_queue(session, stranger, ReviewState.QUEUED) == 0
        assert standing_of(session, stranger, event_id) is None
        assert find_held(session, stranger, event_id) is None


def test_earlier_events_are_the_same_students_within_the_span(
    database: Database, system_database: Database, keyring: Keyring
) -> None:
    academy = make_academy(system_database)
    moderator = make_moderator(system_database, academy)
    student_id, other_id = (make_known_student(system_database, academy) for _ in range(2))
    now = queue_event(system_database, keyring, academy, student_id=student_id)
    for days, student in ((2, student_id), (29, student_id), (31, student_id), (1, other_id)):
        queue_event(
            system_database,
            keyring,
            academy,
            student_id=student,
            received_at=MONDAY - timedelta(days=days),
        )
    with database.read(moderator.database_scope()) as session:
        counted = count_earlier(
            session, now, student_id=student_id, since=MONDAY - timedelta(days=30), until=MONDAY
        )
    assert counted == 2
