"""A real browser for tests: Debian's Chromium, driven by Playwright, one context per person."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.kit.desktop import CHROMIUM_FLAGS

PATIENCE_MS = 20_000


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A headless Chromium, ended afterwards."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("browser tests need Chromium: apt-get install chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def new_person(browser: Browser) -> tuple[BrowserContext, Page]:
    """A browser profile of their own, at the size a moderator's screen may have."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 720}, locale="en-GB", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    return context, context.new_page()


def sign_in(page: Page, address: str, email: str, passphrase: str) -> None:
    """From the sign-in form, with the keyboard."""
    page.goto(address)
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(passphrase)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
