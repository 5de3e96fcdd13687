"""What the healing scan looks at: graded long enough ago, not too long, without an alert."""

from datetime import timedelta

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.routing.repository import find_graded, list_unrouted
from tests.kit.chain import grade_event, raise_graded
from tests.kit.clock import FakeClock
from tests.kit.organisation import make_academy


def test_unrouted_is_graded_in_the_window_and_without_alert(
    database: Database,
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    empty_database: None,
) -> None:
    academy, both = make_academy(system_database), (database, system_database)
    start = clock.now()
    raise_graded(both, clock, keyring, academy)
    early = grade_event(both, clock, keyring, academy)
    clock.advance(minutes=10)
    late = grade_event(both, clock, keyring, academy)
    with system_database.read() as session:
        everything = list_unrouted(session, since=start, until=clock.now())
        window = list_unrouted(session, since=start, until=start + timedelta(minutes=5))
        graded = find_graded(session, late)
    assert everything == [early, late]
    assert window == [early]
    assert graded is not None
    assert (graded.academy_id, graded.severity, graded.student_id) == (academy.id, 4, None)
