"""Every page a person can open, on a desk's screen and on a phone: axe finds nothing serious, nothing overflows.

The real product with its invented history, so that the pages hold what they hold in a school.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from server.kit.embedded_postgres import EmbeddedPostgres
from tests.kit.browser import new_person, open_browser, sign_in
from tests.kit.running import Person, RunningLantern

pytestmark = [pytest.mark.desktop, pytest.mark.journey, pytest.mark.timeout(600)]

SIZES = {"desk": {"width": 1280, "height": 720}, "phone": {"width": 390, "height": 844}}
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def lantern(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLantern]:
    running = RunningLantern(tmp_path_factory.mktemp("pages") / "data", "--no-agent")
    try:
        yield running
    finally:
        running.stop()
        EmbeddedPostgres(running.folder).remove()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


def test_nobody_signed_in(lantern: RunningLantern, browser: Browser) -> None:
    _, page = new_person(browser)
    look(page, f"{lantern.address}/")
    look(page, f"{lantern.address}/acknowledge/not-a-token")
    expect(page.get_by_label("Password")).to_be_visible()


def test_the_moderators_pages(lantern: RunningLantern, browser: Browser) -> None:
    context, page = new_person(browser)
    sign_in(page, lantern.address, *lantern.sign_in_of("moderator"))
    look(page, f"{lantern.address}/queue")
    page.get_by_test_id("claim-next").click()
    expect(page.get_by_test_id("passage")).to_be_visible()
    look_as_it_is(page, "the claimed event")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    look_as_it_is(page, "the keys")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    context.close()


def test_the_safeguarding_leads_pages(lantern: RunningLantern, browser: Browser) -> None:
    context, page = new_person(browser)
    who = lantern.sign_in_of("dsl")
    sign_in(page, lantern.address, *who)
    alerts = Person(lantern.address, *who).get("/api/alerts?state=all")["items"]
    recorded = next(one for one in alerts if one["state"] == "recorded")
    for path in (
        "/alerts",
        f"/alerts/{alerts[0]['alert_id']}",
        f"/alerts/{recorded['alert_id']}",
        "/students",
        f"/students/{recorded['student']['id']}",
        "/board",
        "/acknowledge/not-a-token",
        "/no-such-page",
    ):
        look(page, lantern.address + path)
    page.goto(f"{lantern.address}/students/{recorded['student']['id']}")
    page.get_by_role("button", name="Write a concern…").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look_as_it_is(page, "the form of a concern")
    context.close()


def test_the_trust_officers_pages(lantern: RunningLantern, browser: Browser) -> None:
    context, page = new_person(browser)
    sign_in(page, lantern.address, *lantern.sign_in_of("trust_officer"))
    look(page, f"{lantern.address}/board")
    for folded in page.get_by_role("group").locator("summary").all():
        folded.click()
    look_as_it_is(page, "the board, unfolded")
    look(page, f"{lantern.address}/alerts")
    expect(page.get_by_test_id("alert-row")).to_have_count(0)
    context.close()


def look(page: Page, address: str) -> None:
    """Open a page and examine it."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    look_as_it_is(page, address)


def look_as_it_is(page: Page, what: str) -> None:
    """Examine the page in both sizes and put the desk's size back."""
    for name, size in SIZES.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.wait_for_timeout(150)
        found = [
            f"{one['id']}: {one['nodes'][0]['html'][:120]}"
            for one in Axe().run(page).response["violations"]
            if one["impact"] in SERIOUS
        ]
        assert found == [], f"{what} ({name})"
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 1, f"{what} ({name}) is {overflow} px wider than the screen"
    page.set_viewport_size(SIZES["desk"])  # type: ignore[arg-type]


def test_axe_would_find_something(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    (tmp_path / "bad.html").write_text("<html><body><img src=x><button></button></body></html>")
    page.goto((tmp_path / "bad.html").as_uri())
    with pytest.raises(AssertionError, match=r"button-name|image-alt"):
        look_as_it_is(page, "a bad page")
    page.close()
