"""kill -9 of web, worker, PostgreSQL and agent, each in the middle of ten flagged passages.

Ten events, no duplicates, ten alerts told. The supervisor that people start restarts the server's parts; the
agent is started again as a watchdog would. A passage that is still being typed when the agent dies is gone by
design (unflagged text rests nowhere), so the agent dies with a flagged one in its spool that could not be sent.
"""

import getpass
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from server.kit.embedded_postgres import EmbeddedPostgres
from tests.journeys.essay_page import write_essay
from tests.kit.desktop import Desktop, start_desktop
from tests.kit.installation import Inside, look_inside
from tests.kit.running import ApiError, Person, RunningLantern
from tests.kit.watched_device import WatchedDevice, watch_device

pytestmark = [pytest.mark.desktop, pytest.mark.journey, pytest.mark.timeout(600)]

PASSAGES = (
    "i dont feel safe at home",
    "my stepdad hits me when hes drunk",
    "my dad hits me all the time",
    "im scared to go home tonight",
    "my mums boyfriend hurts me",
    "i get hit at home if i answer back",
    "im not safe at home when he drinks",
    "he hits me when mum is at work",
    "i am scared of my stepdad",
    "my dad hit me again last night",
)
CLOSING_PAUSE_S = 2.2
PATIENCE_S = 120


@pytest.fixture
def lantern(tmp_path: Path) -> Iterator[RunningLantern]:
    running = RunningLantern(tmp_path / "data", "--no-agent", "--no-history")
    try:
        yield running
    finally:
        running.stop()
        EmbeddedPostgres(running.folder).remove()


def test_ten_passages_survive_four_kills(lantern: RunningLantern, tmp_path: Path) -> None:
    with look_inside(lantern.folder) as inside, start_desktop() as desktop:
        academy_id = inside.planted.academies["org-secondary"]
        token = inside.enrolment_token(academy_id)
        account = getpass.getuser()
        home = tmp_path / "agent"
        with watch_device(desktop, home, server=lantern.address, token=token, account=account) as device:
            device.accept_notice()
            with write_essay(desktop, tmp_path / "chromium"), grading_whatever_comes(lantern):
                type_and_kill(desktop, lantern, device)
                wait_until(lambda: told_alerts(inside) == len(PASSAGES), inside, device)
        wait_until(lambda: mails_to_the_dsl(lantern) >= len(PASSAGES), inside, device)
        counted = counts(inside)
    assert counted["events"] == counted["passages"] == counted["alerts"] == counted["grades"] == len(PASSAGES)


def type_and_kill(desktop: Desktop, lantern: RunningLantern, device: WatchedDevice) -> None:
    """One kill after each of four passages, at the moment when it is on its way."""
    for number, passage in enumerate(PASSAGES, start=1):
        if number == 8:
            lantern.kill("web")  # so that the eighth can only be spooled
        desktop.type(passage)
        desktop.key("Return")
        if number == 2:
            lantern.kill("web")
        elif number == 4:
            lantern.kill("worker")
        elif number == 6:
            kill_postgres(lantern.folder)
        elif number == 8:
            wait_until_spooled(device)
            device.kill()
            device.restart()
            wait_until_watching(desktop)
        time.sleep(CLOSING_PAUSE_S)


def kill_postgres(folder: Path) -> None:
    """The postmaster and every process it started, all at once."""
    cluster = EmbeddedPostgres(folder, outlives_us=True)
    cluster.start()
    pid = cluster.postmaster_pid
    assert pid is not None
    postmaster = psutil.Process(pid)
    for process in [postmaster, *postmaster.children(recursive=True)]:
        process.kill()


def wait_until_spooled(device: WatchedDevice) -> None:
    """Until the flagged passage rests sealed on the device, unsent."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if json.loads(device.status())["spool"]["urgent"] > 0:
            return
        time.sleep(0.05)
    raise TimeoutError("nothing was spooled")


def wait_until_watching(desktop: Desktop) -> None:
    """The notice was accepted before: the restarted agent shows its badge at once."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if desktop.is_visible("Lantern badge"):
            time.sleep(1.0)
            return
        time.sleep(0.2)
    raise TimeoutError("the agent did not come back")


@contextmanager
def grading_whatever_comes(lantern: RunningLantern) -> Iterator[None]:
    """A moderator who never tires, and who meets outages like a browser does: by trying again."""
    stopping = threading.Event()

    def work() -> None:
        person: Person | None = None
        while not stopping.wait(0.15):
            try:
                person = person or Person(lantern.address, *lantern.sign_in_of("moderator"))
                grade_one(person)
            except (ApiError, OSError):
                continue

    thread = threading.Thread(target=work, name="moderator")
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(30)


def grade_one(person: Person) -> None:
    claim = person.post("/api/queue/claim")
    if claim is None:
        return
    person.post(
        f"/api/moderation/{claim['event_id']}/grade",
        {
            "claim_token": claim["claim_token"],
            "category": "VP",
            "theme": "T05",
            "severity": 4,
            "message": "Student writes of being hit at home.",
            "subject_role": "self_at_risk",
            "authenticity": "genuine",
            "immediacy": "no_time",
            "call_required": False,
        },
    )


def counts(inside: Inside) -> dict[str, int]:
    """Rows as PostgreSQL has them; ``passages`` are told apart by what the device made of the text."""
    queries = {
        "events": "SELECT count(*) FROM event",
        "passages": "SELECT count(DISTINCT dedup_key) FROM event",
        "grades": "SELECT count(*) FROM grade",
        "alerts": "SELECT count(*) FROM alert WHERE told_at IS NOT NULL",
    }
    with inside.system.read() as session:
        return {name: session.execute(text(query)).scalar_one() for name, query in queries.items()}


def told_alerts(inside: Inside) -> int:
    return counts(inside)["alerts"]


def mails_to_the_dsl(lantern: RunningLantern) -> int:
    """Different mails about different alerts; the same one twice counts once."""
    email, _ = lantern.sign_in_of("dsl")
    return len({mail["subject"] for mail in lantern.mails() if email in mail["to"]})


def wait_until(is_so: Callable[[], bool], inside: Inside, device: WatchedDevice) -> None:
    """Poll ``is_so``; the failure says how far things came."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if is_so():
            return
        time.sleep(0.5)
    raise TimeoutError(f"after {PATIENCE_S} s: {counts(inside)}, the device says {device.status()}")
