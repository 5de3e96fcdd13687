"""No log call, print or error text receives a passage, an Event, Evidence, a name or a body: ids only."""

import ast
import re

import pytest

from tests.house.sources import HOUSES, Source, dotted_name, python_sources

LOG_METHODS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
LOGGERS = re.compile(r"(^|\.|_)(log|logger|logging)$", re.IGNORECASE)
SECRET_WORDS = frozenset(
    """passage passages text texts body bodies event events evidence screenshot message summary rationale
    display_name given_name family_name name names email password window_title account keys keypress
    deleted_text context note notes student token secret""".split()
)
"""Last part of a variable's or attribute's name that may hold what nobody may read in a log."""
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("server/kit/", "name"): "the kit knows tables, tasks and processes, never people",
}
"""(path prefix, word) → why it is harmless there."""


def offences(source: Source) -> list[str]:
    """Every log call of ``source`` that is handed something secret."""
    found = []
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr not in LOG_METHODS or not LOGGERS.search(dotted_name(node.func.value)):
            continue
        handed = [*node.args, *(keyword.value for keyword in node.keywords)]
        for value in handed:
            found += [
                f"{source.at(node)}: logs {word}"
                for word in _secrets(value)
                if not any(source.path.startswith(where) and word == what for where, what in EXCEPTIONS)
            ]
    return found


def _secrets(value: ast.expr) -> list[str]:
    found = []
    for node in ast.walk(value):
        if isinstance(node, ast.Call) and dotted_name(node.func) == "len":
            return []
        last = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if last.lower() in SECRET_WORDS and not _is_class_name(value, node):
            found.append(last)
    return found


def _is_class_name(value: ast.expr, node: ast.AST) -> bool:
    """``type(message).__name__`` says what kind of thing it is, nothing of what is in it."""
    return any(
        isinstance(outer, ast.Attribute)
        and outer.attr == "__name__"
        and any(inner is node for inner in ast.walk(outer))
        for outer in ast.walk(value)
    )


def test_no_log_call_is_handed_text() -> None:
    """Every log call of the product passes ids, counts and class names only."""
    found = [offence for source in python_sources(*HOUSES) for offence in offences(source)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "log.info('flagged %s', passage)",
        "logger.warning(f'could not read {event.body}')",
        "self._log.error('x', extra={'student': student.display_name})",
        "logging.info(evidence)",
    ],
)
def test_the_rule_bites(line: str) -> None:
    """Each way to let text into a log is found."""
    assert offences(Source("server/record/planted.py", line + "\n"))


@pytest.mark.parametrize("line", ["log.info('took %s', event_id)", "log.info('%s', type(message).__name__)"])
def test_ids_and_kinds_may_be_logged(line: str) -> None:
    """What says nothing about a person is no offence."""
    assert not offences(Source("server/record/planted.py", line + "\n"))
