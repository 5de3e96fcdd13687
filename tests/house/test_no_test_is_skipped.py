"""A test that cannot run fails and says what it needs; nothing is skipped and nothing is expected to fail."""

import ast

import pytest

from tests.house.sources import Source, dotted_name, python_sources

WAYS_OUT = frozenset({"skip", "skipif", "xfail", "importorskip"})


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
    found = [way for source in python_sources("tests") for way in ways_out(source)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line", ["pytest.skip('x')", "@pytest.mark.skipif(True)\ndef f(): ...", "from pytest import importorskip"]
)
def test_the_rule_bites(line: str) -> None:
    """Each way out is recognised."""
    assert ways_out(Source("tests/planted.py", line + "\n"))
