"""B12: from the last key press of a flagged passage to a moderator's screen, with 200 moderators watching.

The whole product runs as people start it. Real X key events go into a real window; the screen is a real
Chromium's, timed when the row has been painted. Each passage ends with Return, which closes it at once, so the
figure holds no closing pause. The 199 other moderators hold the feed and fetch the queue as the page does.
"""

import getpass
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page
from Xlib.display import Display

from bench.bar import Bar, Condition, Measurement
from bench.watchers import watch
from server.demonstration.typist import WINDOW_TITLE, Typist
from server.kit.embedded_postgres import EmbeddedPostgres
from tests.kit.browser import new_person, open_browser, sign_in
from tests.kit.desktop import Desktop, start_desktop
from tests.kit.installation import look_inside
from tests.kit.running import ROOT, Person, RunningLantern
from tests.kit.watched_device import watch_device

MODERATORS = 200
SESSIONS = 20
PASSAGES = (
    "i dont feel safe at home",
    "my stepdad hits me when hes drunk",
    "my dad hits me all the time",
    "my mums boyfriend hurts me",
    "im not safe at home when he drinks",
    "i am scared of my stepdad",
)
ROUNDS = 5
WAIT_S = 30.0
# The moment a row is on the screen: the second animation frame after the page put it there.
NOTE_ROWS = """
window.rowsAt = [];
let known = document.querySelectorAll('[data-testid=queue-row]').length;
new MutationObserver(() => {
  const now = document.querySelectorAll('[data-testid=queue-row]').length;
  while (known < now) {
    known += 1;
    requestAnimationFrame(() => requestAnimationFrame(() => window.rowsAt.push(Date.now())));
  }
}).observe(document.body, { childList: true, subtree: true });
"""


def measure() -> Measurement:
    """One installation, thirty passages, one after the other."""
    with tempfile.TemporaryDirectory(prefix="lantern-b12-") as place, ExitStack() as stack:
        folder = Path(place)
        lantern = RunningLantern(folder / "data", "--no-agent", "--no-history")
        stack.callback(EmbeddedPostgres(lantern.folder).remove)
        stack.callback(lantern.stop)
        page, cookies = _moderators(stack, lantern)
        desktop, typist = _device(stack, lantern, folder)
        watchers = stack.enter_context(watch(lantern.address, cookies, MODERATORS - 1))
        page.evaluate(NOTE_ROWS)
        delays = [_one(desktop, typist, page, passage) for passage in PASSAGES * ROUNDS]
        found = sorted(delays)
        return Measurement(
            value=round(statistics.median(found), 3),
            n=len(found),
            conditions=(Condition("answers refused to the other moderators", watchers.failed, 0),),
            details={
                "p95_s": round(found[int(len(found) * 0.95) - 1], 3),
                "max_s": round(found[-1], 3),
                "moderators_watching": watchers.connected + 1,
                "feed_messages_heard": watchers.heard,
                "queue_fetches": watchers.fetched,
            },
        )


def _moderators(stack: ExitStack, lantern: RunningLantern) -> tuple[Page, list[str]]:
    """The measured moderator's page, and sessions for the others."""
    email, passphrase = lantern.sign_in_of("moderator")
    browser = stack.enter_context(open_browser())
    _, page = new_person(browser)
    sign_in(page, lantern.address, email, passphrase)
    page.get_by_test_id("claim-next").wait_for()
    cookies = []
    for _ in range(SESSIONS):
        person = Person(lantern.address, email, passphrase)
        cookies += [cookie.value or "" for cookie in person.cookies if cookie.name == "lantern_session"]
    return page, cookies


def _device(stack: ExitStack, lantern: RunningLantern, folder: Path) -> tuple[Desktop, Typist]:
    """A display with the demonstration's notes window in front, watched by the real agent."""
    inside = stack.enter_context(look_inside(lantern.folder))
    token = inside.enrolment_token(inside.planted.academies["org-secondary"])
    desktop = stack.enter_context(start_desktop())
    device = stack.enter_context(
        watch_device(
            desktop, folder / "agent", server=lantern.address, token=token, account=getpass.getuser()
        )
    )
    device.accept_notice()
    notes = subprocess.Popen(
        [sys.executable, "-m", "server.demonstration.typist", "--display", desktop.display, "--window-only"],
        cwd=ROOT,
        env=desktop.environment,
    )
    stack.callback(notes.wait)
    stack.callback(notes.terminate)
    desktop.wait_for_window(WINDOW_TITLE)
    time.sleep(1.0)
    return desktop, Typist(Display(desktop.display))


def _one(_desktop: Desktop, typist: Typist, page: Page, passage: str) -> float:
    """Type one passage; seconds from its closing Return to the painted row."""
    before = page.evaluate("window.rowsAt.length")
    for pause in typist.pauses(passage):
        time.sleep(pause / 2)
    typist.press("Return")
    pressed_at = time.time()
    deadline = pressed_at + WAIT_S
    while page.evaluate("window.rowsAt.length") == before:
        if time.time() > deadline:
            raise TimeoutError("a flagged passage did not reach the screen")
        time.sleep(0.1)
    shown_at = float(page.evaluate(f"window.rowsAt[{before}]")) / 1000
    time.sleep(1.5)  # let the herd of fetches end: moderators do not get one event a second for ever
    return shown_at - pressed_at


BAR = Bar(
    id="B12",
    title="seconds from the last key press to a moderator's screen, median",
    unit="s",
    limit=1.0,
    measure=measure,
)
