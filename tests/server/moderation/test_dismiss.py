"""A dismissal closes the event with its reason, tells nobody, and is written down."""

from uuid import uuid4

import pytest

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.live_queue.claim import claim_event
from server.live_queue.domain import ClaimLostError
from server.moderation.dismiss import dismiss
from server.moderation.domain import DismissCommand
from shared.taxonomy import DismissalReason
from tests.kit.chain import announced, make_moderator, rows
from tests.kit.clock import FakeClock
from tests.kit.live_queue import queue_event
from tests.kit.organisation import make_academy


def test_a_dismissal_and_one_that_came_too_late(
    database: Database, system_database: Database, keyring: Keyring, clock: FakeClock
) -> None:
    academy = make_academy(system_database)
    moderator = make_moderator(system_database, academy)
    event_id = queue_event(system_database, keyring, academy)
    with database.write(moderator.database_scope()) as session:
        held = claim_event(session, moderator, clock, event_id)
    wrong = DismissCommand(event_id, uuid4(), DismissalReason.COURSEWORK)
    with database.write(moderator.database_scope()) as session, pytest.raises(ClaimLostError):
        dismiss(session, moderator, clock, command=wrong)
    assert announced(system_database, "EventDismissed", event_id) == 0
    command = DismissCommand(event_id, held.token, DismissalReason.COURSEWORK)
    with database.write(moderator.database_scope()) as session:
        dismiss(session, moderator, clock, command=command)
    assert rows(system_database, "SELECT reason FROM dismissal WHERE event_id = :id", id=event_id) == [
        ("coursework",)
    ]
    assert rows(system_database, "SELECT state FROM review_item WHERE event_id = :id", id=event_id) == [
        ("dismissed",)
    ]
    assert rows(system_database, "SELECT verb FROM audit_entry WHERE subject_id = :id", id=event_id) == [
        ("dismissed",)
    ]
    assert announced(system_database, "EventDismissed", event_id) == 1
    assert announced(system_database, "EventGraded", event_id) == 0
