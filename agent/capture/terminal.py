"""Terminals ask for passwords where no field can be seen: the lines after such a command are not read.

Only the word being typed is remembered, and no word of a hidden line. A line that was fetched from the history,
completed or pasted is unknown, and an unknown line counts as one that asks for a password.
"""

from collections import OrderedDict
from dataclasses import dataclass

from agent.inspection.buffer import Focus, KeyPress

_TERMINALS = frozenset(
    {
        "alacritty", "cool-retro-term", "foot", "ghostty", "gnome-terminal", "gnome-terminal-", "guake",
        "kgx", "kitty", "konsole", "lxterminal", "mate-terminal", "ptyxis", "qterminal", "rxvt", "st",
        "terminator", "tilix", "urxvt", "uxterm", "wezterm", "wezterm-gui", "xfce4-terminal", "xterm", "yakuake",
    }
)  # fmt: skip
"""As processes and window classes call themselves (the system cuts names at 15 letters), lower case."""
_ALWAYS_ASKING = frozenset(
    "doas kinit passwd scp sftp ssh ssh-add ssh-copy-id ssh-keygen su sudo sudoedit".split()
)
"""Wherever they stand in the line: nobody writes these words by chance."""
_ASKING = _ALWAYS_ASKING | frozenset(
    "adduser chpasswd cryptsetup docker ftp gh git gpg gpg2 htpasswd ldapsearch login mount mysql mysqldump npm "
    "openssl pass pip pkexec podman psql rsync run0 smbclient svn telnet twine unzip vncviewer xfreerdp zip".split()
)
"""Where a command stands: at the beginning, or after ``;``, ``&``, ``|`` or ``(``."""
_HIDDEN_LINES = 3
"""sudo allows three attempts, and passwd asks three times."""
_LONGEST_WORD = max(map(len, _ASKING))
_MOST_WINDOWS = 32


@dataclass(slots=True)
class _Line:
    """The line being typed in one window."""

    word: str = ""
    """The current word, while it may still become a command's name."""
    is_command: bool = True
    """Whether the current word stands where a command does."""
    may_ask: bool = False
    hidden: int = 0
    """How many lines, this one included, are not read."""


class TerminalLines:
    """Decides for each key whether a terminal may be asking for a password. Called from one thread."""

    def __init__(self) -> None:
        self._lines: OrderedDict[int, _Line] = OrderedDict()

    def hides(self, key: KeyPress, focus: Focus) -> bool:
        """Whether ``key`` must not be kept."""
        if focus.application.lower() not in _TERMINALS:
            return False
        line = self._line_of(focus.window_id)
        if line.hidden:
            line.hidden -= key.kind == "enter"
            return True
        _follow(line, key)
        return False

    def _line_of(self, window_id: int) -> _Line:
        line = self._lines.setdefault(window_id, _Line())
        self._lines.move_to_end(window_id)
        if len(self._lines) > _MOST_WINDOWS:
            self._lines.popitem(last=False)
        return line


def _follow(line: _Line, key: KeyPress) -> None:
    match key.kind:
        case "enter":
            _end_word(line)
            line.hidden = _HIDDEN_LINES if line.may_ask else 0
            line.is_command, line.may_ask = True, False
        case "char" if key.text.isalnum() or key.text in "-_":
            # One letter more than the longest name is enough to know that it is none.
            line.word = (line.word + key.text.lower())[: _LONGEST_WORD + 1]
        case "char":
            _end_word(line)
            line.is_command = line.is_command or key.text in ";&|("
        case "backspace" if line.word and len(line.word) <= _LONGEST_WORD:
            line.word = line.word[:-1]
        case "click":
            pass
        case _:
            # History, completion, pasting, a moved caret or a word taken back: no longer known.
            line.may_ask = True


def _end_word(line: _Line) -> None:
    if line.word:
        line.may_ask = line.may_ask or line.word in (_ASKING if line.is_command else _ALWAYS_ASKING)
        line.word, line.is_command = "", False
