"""Which windows are secret, and what the tracker tells."""

import pytest

from agent.capture.desktop import ActiveWindow
from agent.capture.focus import UNKNOWN, FocusRules, FocusTracker
from agent.inspection.buffer import Focus
from shared.device_policy import DevicePolicy
from tests.kit.senses import FakeDesktop

RULES = FocusRules(DevicePolicy().protected_hosts)


@pytest.mark.parametrize(
    ("application", "title"),
    [
        ("keepassxc", "Passwords.kdbx"),
        ("KeePassXC", "anything"),
        ("pinentry-gtk-2", ""),
        ("firefox", "Sign in - Google Accounts"),
        ("chromium", "Log in | School portal"),
        ("chrome", "Login"),
        ("gnome-terminal", "Enter your password"),
        ("chrome", "Online Banking - Welcome"),
        ("chrome", "Monzo"),
        ("chrome", "Verify it's you"),
        ("chromium", "Childline | Childline"),
        ("firefox", "Contact Us | Samaritans"),
        ("msedge", "NHS 111 online"),
        ("msedge", "Shout 85258 is here for you"),
        ("chrome", "Report to CEOP"),
        ("chrome", "Kooth - home"),
    ],
)
def test_secret(application: str, title: str) -> None:
    focus = RULES.focus_on(ActiveWindow(7, application, title))
    assert focus == Focus(application, "", "", True, 7)


@pytest.mark.parametrize(
    ("application", "title"),
    [
        ("chrome", "Year 9 chat"),
        ("soffice", "The Good Samaritans essay.odt"),
        ("mousepad", "Untitled 1"),
        ("chrome", "Blogging in school"),
        ("chrome", "Design inspiration"),
    ],
)
def test_ordinary(application: str, title: str) -> None:
    assert RULES.focus_on(ActiveWindow(7, application, title)) == Focus(application, title, "", False, 7)


def test_no_window_is_secret() -> None:
    assert RULES.focus_on(ActiveWindow(0, "", "")).is_secret
    assert UNKNOWN.is_secret


def test_a_host_that_the_policy_adds_is_recognised_by_its_name() -> None:
    rules = FocusRules(["themix.org.uk"])
    assert rules.focus_on(ActiveWindow(1, "chrome", "Get support - Themix")).is_secret
    assert not rules.focus_on(ActiveWindow(1, "chrome", "Childline")).is_secret
    assert not FocusRules([]).focus_on(ActiveWindow(1, "chrome", "Childline")).is_secret


def test_the_tracker_tells_changes_only() -> None:
    told: list[Focus] = []
    desktop, tracker = FakeDesktop(), FocusTracker(RULES, told.append)
    tracker.start(desktop)
    assert tracker.current.is_secret
    desktop.activate("Year 9 chat")
    desktop.activate("Year 9 chat")
    desktop.activate("Sign in")
    assert [focus.is_secret for focus in told] == [False, True]
    tracker.stop()
    assert tracker.current == UNKNOWN
    assert desktop.watches[0].is_stopped


def test_new_rules_judge_the_current_window() -> None:
    desktop, tracker = FakeDesktop(), FocusTracker(FocusRules([]), lambda _: None)
    tracker.start(desktop)
    desktop.activate("Childline", application="chrome")
    assert not tracker.current.is_secret
    tracker.adopt(RULES)
    assert tracker.current.is_secret
