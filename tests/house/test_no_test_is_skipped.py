"""A test that cannot run fails and says what it needs; nothing is skipped and nothing is expected to fail."""

import ast

import pytest

from tests.house.sources import Source, dotted_name, python_sources

WAYS_OUT = frozenset({"skip", "skipif", "xfail", "importorskip"})

EXCEPTIONS = {
    "tests/server/kit/test_embedded_postgres.py": "what only root, or only Linux, can try: accounts and dying parents",
}
"""File → why some of its tests cannot run everywhere."""


def ways_out(source: Source) -> list[str]:
    """Every use of pytest's ways not to run a test."""
    found = []
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in WAYS_OUT
            and dotted_name(node).startswith("pytest")
        ):
            found.append(f"{source.at(node)}: {dotted_name(node)}")
        if isinstance(node, ast.ImportFrom) and node.module == "pytest":
            found += [f"{source.at(node)}: {alias.name}" for alias in node.names if alias.name in WAYS_OUT]
    return found


def test_no_test_has_a_way_out() -> None:
    """A skipped test is green and proves nothing."""
    found = {source.path: ways_out(source) for source in python_sources("tests")}
    strays = [way for path, ways in found.items() if path not in EXCEPTIONS for way in ways]
    assert not strays, "\n".join(strays)
    assert not [path for path in EXCEPTIONS if not found.get(path)], "an exception nobody needs any more"


@pytest.mark.parametrize(
    "line", ["pytest.skip('x')", "@pytest.mark.skipif(True)\ndef f(): ...", "from pytest import importorskip"]
)
def test_the_rule_bites(line: str) -> None:
    """Each way out is recognised."""
    assert ways_out(Source("tests/planted.py", line + "\n"))
