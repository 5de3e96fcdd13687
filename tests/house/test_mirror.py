"""Tests mirror the source: agent/inspection/matcher.py ↔ tests/agent/inspection/test_matcher.py, both ways."""

import ast
import re
from pathlib import PurePosixPath

from tests.house.sources import HOUSES, ROOT, python_sources, tracked

DECLARATIONS = {"__init__", "__main__", "tables", "schemas", "messages", "tasks"}
"""Files of names, types and one-line calls; house tests hold their rules, verbs and journeys exercise them."""
WITHOUT_TEST: dict[str, str] = {
    "agent/capture/sensed.py": "what the senses say, as types; tests/agent/capture/test_keyboard.py hears them",
    "server/audit/domain.py": "who can be an author, as types; tests/server/audit/test_write.py writes as each",
}
"""Source → why it has no test file of its own, and what tests it instead."""
WITHOUT_SOURCE: dict[str, str] = {
    "tests/server/migrations/test_row_level_security.py": "every table's fence, whichever migration made it",
}
"""Test file → why it is about no single source file."""


def mirror_of(source: str) -> str:
    """The test file of a source file."""
    path = PurePosixPath(source)
    return f"tests/{path.parent}/test_{path.name}"


def sources() -> list[str]:
    """Python files that must have a test file."""
    return [
        name
        for name in tracked()
        if name.endswith(".py")
        and name.split("/")[0] in HOUSES
        and PurePosixPath(name).stem not in DECLARATIONS
        and not name.startswith("server/migrations/")
    ]


def files_of_tests() -> list[str]:
    """Test files that must have a source file."""
    found = re.compile(rf"tests/({'|'.join(HOUSES)})/(.*/)?test_\w+\.py")
    return [name for name in tracked() if found.fullmatch(name)]


def source_of(test: str) -> str:
    """The source file of a test file."""
    path = PurePosixPath(test)
    return f"{PurePosixPath(*path.parts[1:-1])}/{path.name.removeprefix('test_')}"


def test_every_source_has_its_test() -> None:
    """Whoever reads a file knows where its tests are, and a file without any is seen."""
    present = set(tracked())
    missing = [name for name in sources() if mirror_of(name) not in present and name not in WITHOUT_TEST]
    assert not missing, "\n".join(missing)


def test_every_test_has_its_source() -> None:
    """Whoever reads a test knows what it is about; a test of nothing is seen."""
    present = set(tracked())
    stray = [
        name for name in files_of_tests() if source_of(name) not in present and name not in WITHOUT_SOURCE
    ]
    assert not stray, "\n".join(stray)


def test_the_exceptions_are_still_needed() -> None:
    """A file that has its mirror by now, or that is gone, needs no excuse."""
    present = set(tracked())
    idle = [name for name in WITHOUT_TEST if name not in present or mirror_of(name) in present]
    idle += [name for name in WITHOUT_SOURCE if name not in present or source_of(name) in present]
    assert not idle, idle


def test_every_test_file_tests() -> None:
    """A test file has at least one test, and every test can fail: it asserts, or expects an error."""
    hollow = []
    for source in python_sources("tests"):
        if not PurePosixPath(source.path).name.startswith("test_"):
            continue
        tests = [
            node
            for node in ast.walk(source.tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        ]
        if not tests:
            hollow.append(f"{source.path}: no test")
        hollow += [f"{source.at(test)}: {test.name} checks nothing" for test in tests if not _can_fail(test)]
    assert not hollow, "\n".join(hollow)


def _can_fail(test: ast.AST) -> bool:
    """Whether something in it asserts, expects an error, or hands over to a helper named for checking."""
    for node in ast.walk(test):
        if isinstance(node, ast.Assert | ast.Raise):
            return True
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if re.match(r"raises|warns|_?(assert|check|expect|verify|must)", called):
                return True
    return False


def test_the_mirror_is_about_something() -> None:
    """The lists above are not empty by mistake."""
    assert len(sources()) > 20
    assert all((ROOT / name).exists() for name in sources())
