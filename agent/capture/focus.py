"""Which window has the keys, and whether anything typed there may be kept at all.

Judges by application and window title; which field of a window has the keys is agent.capture.fields' question.
Limits, said plainly: a browser gives its page title, not its address, so ``host`` stays empty and help services
are recognised by the names in their titles.
"""

import re
from collections.abc import Callable, Iterable

from agent.capture.desktop import ActiveWindow, Desktop, Watch
from agent.inspection.buffer import Focus

UNKNOWN = Focus("", "", "", True, 0)
"""Before the desktop has named a window. Unknown counts as secret."""

SECRET_APPLICATIONS = frozenset(
    {
        "1password", "bitwarden", "dashlane", "enpass", "gnome-keyring", "gnome-screensaver", "i3lock",
        "kdewallet", "keepass", "keepassxc", "kwalletmanager5", "kwalletd5", "lastpass", "light-locker",
        "pinentry", "pinentry-gnome3", "pinentry-gtk-2", "pinentry-qt", "polkit-gnome-authentication-agent-1",
        "polkit-kde-authentication-agent-1", "proton-pass", "seahorse", "ssh-askpass", "xscreensaver",
    }
)  # fmt: skip
"""Password managers, lock screens and the desktop's own password prompts, lower case."""

_SECRET_TITLE = re.compile(
    r"\b(?:pass(?:word|code|phrase)s?|sign[ -]?in|log[ -]?(?:in|on)|logging in|authenticat\w+|"
    r"verify (?:it.?s you|your identity)|two-factor|2-step|one-time code|security code|"
    r"(?:online|internet|mobile) banking|pay(?:ment|pal)|checkout|"
    r"barclays|hsbc|lloyds|natwest|santander|nationwide|halifax|monzo|starling|revolut|gohenry|tsb)\b",
    re.IGNORECASE,
)
_BROWSERS = re.compile(
    r"chrom|firefox|edge|safari|opera|brave|vivaldi|epiphany|webkit|iexplore", re.IGNORECASE
)
_HELP_NAMES = {
    "childline.org.uk": "childline",
    "samaritans.org": "samaritans",
    "giveusashout.org": "shout 85258|give us a shout",
    "111.nhs.uk": "nhs 111|111 online",
    "ceop.police.uk": "ceop",
    "nspcc.org.uk": "nspcc",
    "kooth.com": "kooth",
}
"""What each protected help service calls itself in a page title."""


class FocusRules:
    """Judges windows. ``protected_hosts`` are those of the DevicePolicy."""

    def __init__(self, protected_hosts: Iterable[str]) -> None:
        names = [_HELP_NAMES.get(host) or re.escape(host.split(".")[0]) for host in protected_hosts]
        self._help = re.compile(rf"\b(?:{'|'.join(names)})\b", re.IGNORECASE) if names else None

    def focus_on(self, window: ActiveWindow) -> Focus:
        """The Focus that ``window`` is; a secret one carries no title."""
        if self._is_secret(window):
            return Focus(window.application, "", "", True, window.window_id)
        return Focus(window.application, window.title, "", False, window.window_id)

    def _is_secret(self, window: ActiveWindow) -> bool:
        if not window.window_id or window.application.lower() in SECRET_APPLICATIONS:
            return True
        if _SECRET_TITLE.search(window.title):
            return True
        is_browser = _BROWSERS.search(window.application) is not None
        return is_browser and self._help is not None and self._help.search(window.title) is not None


class FocusTracker:
    """Keeps the current Focus and tells ``on_change`` when it becomes another one."""

    def __init__(self, rules: FocusRules, on_change: Callable[[Focus], None]) -> None:
        self._rules = rules
        self._on_change = on_change
        self._window = ActiveWindow(0, "", "")
        self._watch: Watch | None = None
        self.current = UNKNOWN

    @property
    def process_id(self) -> int:
        """The process whose window has the keys; 0 if it is not known."""
        return self._window.process_id

    def start(self, desktop: Desktop) -> None:
        """Follow the desktop's active window from now on."""
        self._watch = desktop.watch_focus(self.saw)

    def stop(self) -> None:
        """Stop following; what comes now is unknown, so secret."""
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        self.current = UNKNOWN

    def adopt(self, rules: FocusRules) -> None:
        """Judge by new rules, the current window included."""
        self._rules = rules
        self.saw(self._window)

    def saw(self, window: ActiveWindow) -> None:
        """The desktop says that ``window`` has the keys."""
        self._window = window
        focus = self._rules.focus_on(window)
        if focus != self.current:
            self.current = focus
            self._on_change(focus)
