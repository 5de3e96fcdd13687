"""The tasks as the worker runs them, with real mail over SMTP: everybody once, nothing of the student on the way."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from server.kit.db import Database
from server.kit.sealing import Keyring
from server.notification.domain import reference
from server.notification.tasks import chase_all, tell_of
from tests.kit.chain import MESSAGE, rows
from tests.kit.clock import FakeClock
from tests.kit.live_queue import EARLIER, PASSAGE
from tests.kit.mailbox import listening
from tests.server.notification.conftest import School

SECRETS = (
    PASSAGE,
    EARLIER,
    MESSAGE,
    "Maya",
    "Okafor",
    "7F3A",
    "stepdad",
    "Vulnerable",
    "disclosure &",
    "Notepad",
)


def _task(database: Database, clock: FakeClock, keyring: Keyring, smtp_url: str | None) -> Any:
    parts = SimpleNamespace(
        system_database=database,
        clock=clock,
        keyring=keyring,
        public_url="https://lantern.test",
        smtp_url=smtp_url,
        mail_from="lantern@provider.test",
    )
    return SimpleNamespace(app=SimpleNamespace(parts=parts))


def test_delivered_twice_the_tasks_mail_once_and_tell_nothing(
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    school: School,
    raise_level: Callable[[int], UUID],
) -> None:
    alert_id = raise_level(4)
    with listening() as box:
        task = _task(system_database, clock, keyring, box.url)
        for _ in range(2):
            tell_of.run.__func__(task, str(alert_id))
            chase_all.run.__func__(task)
    assert sorted(str(mail["To"]).split("<")[1].rstrip(">") for mail in box.taken) == school.keepers
    everything = box.everything()
    assert f"Lantern: a Level 4 alert needs you ({reference(alert_id)})" in everything
    assert "https://lantern.test/acknowledge/" in everything
    for secret in (*SECRETS, str(alert_id), str(school.student_id)):
        assert secret not in everything


def test_the_scan_alone_tells_when_the_task_was_lost_and_every_level_stays_silent_about_the_student(
    system_database: Database,
    keyring: Keyring,
    clock: FakeClock,
    school: School,
    raise_level: Callable[[int], UUID],
) -> None:
    for level in (1, 2, 3, 4, 5):
        raise_level(level)
    clock.advance(seconds=10)
    with listening() as box:
        task = _task(system_database, clock, keyring, box.url)
        chase_all.run.__func__(task)
    # Five for the DSL, three for the deputy, Level 5 for the trust officer too.
    assert len(box.taken) == 9
    for secret in SECRETS:
        assert secret not in box.everything()
    assert rows(system_database, "SELECT count(*) FROM alert WHERE told_at IS NULL") == [(0,)]


def test_without_a_mail_server_the_failure_is_seen(
    system_database: Database, keyring: Keyring, clock: FakeClock, raise_level: Callable[[int], UUID]
) -> None:
    alert_id = raise_level(4)
    tell_of.run.__func__(_task(system_database, clock, keyring, None), str(alert_id))
    found = rows(
        system_database,
        "SELECT DISTINCT error_code FROM notice WHERE alert_id = :id AND attempts > 0",
        id=alert_id,
    )
    assert found == [("smtp_not_configured",)]
