"""One language: no name of ours uses a word that shared/WORDS.md forbids, and no file is a junk drawer."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.house.sources import HOUSES, ROOT, Source, python_sources, tracked

ALLOWED = {
    ("child", "agent/second_look/"): "a child process, which is what second_look is about",
    ("child", "server/demonstration/supervisor.py"): "child processes",
    ("child", "server/retention/rules.py"): "the child protection file is the statute's own name",
    ("keyword", "server/kit/database_urls.py"): "libpq's keyword=value form of an address",
    ("user", "server/kit/postgres_binaries.py"): "an account of the operating system",
    ("user", "server/mis/one_roster.py"): "OneRoster's own word, translated there",
}
"""(word, where a path begins) → why it may be said there."""
JUNK_DRAWERS = {"utils", "util", "helpers", "common", "misc", "lib", "base", "core", "manager", "stuff"}
OURS_BESIDE_STANDARD = {
    "__init__": "every package has one",
    "__main__": "what python -m starts",
    "socket": "a room's door for websockets, beside endpoints and tasks",
    "mailbox": "the demonstration's page of received mail; imported by its full name only",
}


def forbidden_words() -> frozenset[str]:
    """The first column of the table under "Never in a name of ours"."""
    page = (ROOT / "shared" / "WORDS.md").read_text(encoding="utf-8")
    table = page.partition("## Never in a name of ours")[2]
    words = re.findall(r"^\| ([a-z]+) \|", table, re.MULTILINE)
    return frozenset(words)


def words_of(name: str) -> list[str]:
    """``HTTPUserAgents_v2`` → http, user, agent, v2: lower case, without a plural's s."""
    pieces = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+", name)
    return [piece.lower() for piece in pieces] + [piece.lower().removesuffix("s") for piece in pieces]


def names_defined(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Names that the file itself gives: classes, functions, arguments, variables, attributes of self."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, node.name
        elif isinstance(node, ast.arg):
            yield node, node.arg
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node, node.id if isinstance(node, ast.Name) else node.attr


def offences(source: Source, forbidden: frozenset[str]) -> list[str]:
    """Every forbidden word that this file gives a thing."""
    allowed = {word for (word, where) in ALLOWED if source.path.startswith(where)}
    file_name = PurePosixPath(source.path)
    found = [
        f"{source.path}: the path says {word!r}"
        for part in file_name.with_suffix("").parts
        for word in forbidden.intersection(words_of(part)) - allowed
    ]
    for node, name in names_defined(source.tree):
        found += [
            f"{source.at(node)}: {name} says {word!r}"
            for word in forbidden.intersection(words_of(name)) - allowed
        ]
    return found


def test_the_table_is_read() -> None:
    """The page has its table; without this an edit could empty the rule unseen."""
    assert {"user", "incident", "case", "ticket", "child", "pupil"} <= forbidden_words()


def test_a_forbidden_word_is_found_wherever_it_is_given() -> None:
    """The rule bites on each way to give a name, and not on other people's names."""
    text = "class UserRow: ...\ndef f(ticket): ...\nincidents = 1\nx.case = 2\ny = x.user\nuseful = 1\n"
    found = offences(Source("server/record/planted.py", text), forbidden_words())
    assert len(found) == 4, found


def test_no_name_says_a_forbidden_word() -> None:
    """Our code speaks the words of the page."""
    forbidden = forbidden_words()
    found = [offence for source in python_sources(*HOUSES) for offence in offences(source, forbidden)]
    assert not found, "\n".join(found)


def test_the_exceptions_are_still_needed() -> None:
    """An exception for a place that no longer uses it would hide the next offence."""
    idle = [
        (word, where)
        for word, where in ALLOWED
        if not any(
            word in words_of(name)
            for source in python_sources(*HOUSES)
            if source.path.startswith(where)
            for name in [*source.path.split("/"), *(name for _, name in names_defined(source.tree))]
        )
    ]
    assert not idle, idle


def test_no_file_is_a_junk_drawer_or_hides_a_standard_module() -> None:
    """A file's name says what is in it, and never shadows a module of the standard library."""
    found = []
    for name in tracked():
        path = PurePosixPath(name)
        if path.parts[0] not in {*HOUSES, "tests"} or path.suffix != ".py":
            continue
        for part in path.with_suffix("").parts:
            if part in JUNK_DRAWERS:
                found.append(f"{name}: say what is in {part!r}")
            if (
                part in sys.stdlib_module_names
                and part not in OURS_BESIDE_STANDARD
                and path.parts[0] != "tests"
            ):
                found.append(f"{name}: {part!r} is a module of the standard library")
    assert not found, "\n".join(found)
