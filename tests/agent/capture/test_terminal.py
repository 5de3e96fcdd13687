"""Lines that may answer a terminal's question for a password are hidden; ordinary lines are not."""

import pytest

from agent.capture.terminal import TerminalLines
from agent.inspection.buffer import Focus, KeyPress, Kind
from tests.kit.senses import NINE

XTERM = Focus("xterm", "xterm", "", False, 5)
KINDS: dict[str, Kind] = {
    "\n": "enter",
    "\b": "backspace",
    "\t": "tab",
    "↑": "other",
    "◎": "click",
    "←": "left",
}


def kept(typed: str, lines: TerminalLines | None = None, focus: Focus = XTERM) -> str:
    """What is not hidden of ``typed``, without the keys that are no characters."""
    watched = lines or TerminalLines()
    out = ""
    for sign in typed:
        kind = KINDS.get(sign, "char")
        key = KeyPress(0.0, NINE, kind, sign if kind == "char" else "")
        if not watched.hides(key, focus) and kind == "char":
            out += sign
    return out


@pytest.mark.parametrize(
    "command",
    [
        "sudo ls", "SUDO ls", "su", "su - root", "passwd", "ssh me@host", "cd x && sudo ls", "x;su", "(sudo ls)",
        "FOO=1 sudo ls", "time sudo -k", "suod\b\bdo ls", "git push", "ls; git pull", "mysql -p",
    ],
)  # fmt: skip
def test_the_lines_after_an_asking_command_are_hidden(command: str) -> None:
    assert kept(f"{command}\nhunter2\n").count("hunter2") == 0


@pytest.mark.parametrize("line", ["↑", "su\t ls", "sud\to ls", "ls ←←", "abc\b\b\b\bsudo"])
def test_a_line_that_we_cannot_know_counts_as_asking(line: str) -> None:
    assert "hunter2" not in kept(f"{line}\nhunter2\n")


@pytest.mark.parametrize(
    "line",
    ["hello", "pass me the salt", "please pass it", "sue is here", "i like pseudosudo", "helo\b\blo", "◎hi"],
)
def test_ordinary_lines_hide_nothing(line: str) -> None:
    hidden_word = "pass" in line.split()[:1]
    assert ("next" in kept(f"{line}\nnext\n")) is not hidden_word


def test_three_attempts_are_hidden_and_then_it_reads_again() -> None:
    assert kept("sudo x\none\ntwo\nthree\nfour\n") == "sudo xfour"


def test_each_window_has_its_own_lines() -> None:
    lines, other = TerminalLines(), Focus("Konsole", "", "", False, 6)
    kept("sudo x\n", lines)
    assert kept("hello\n", lines, other) == "hello"
    assert kept("hunter2\n", lines) == ""


def test_other_applications_are_left_alone() -> None:
    assert kept("sudo x\nhunter2\n", focus=Focus("chat", "", "", False, 5)) == "sudo xhunter2"


def test_no_more_than_a_word_is_remembered() -> None:
    lines = TerminalLines()
    kept("sudo x\nhunter2", lines)
    assert "hunter2" not in repr(lines._lines)
    kept("\n\n\nabcdefghijklmnopqrstuvwxyz", lines)
    assert "opqr" not in repr(lines._lines)
