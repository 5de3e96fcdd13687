"""What the house tests look at: tracked files, and our Python as syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSES = ("agent", "server", "shared", "models")


@dataclass(frozen=True)
class Source:
    """One of our Python files."""

    path: str
    """Relative to the root, with forward slashes."""
    text: str

    @property
    def tree(self) -> ast.Module:
        """Its syntax."""
        return _parsed(self.path, self.text)

    def at(self, node: ast.AST) -> str:
        """``path:line`` for a message."""
        return f"{self.path}:{getattr(node, 'lineno', 0)}"


@cache
def _parsed(path: str, text: str) -> ast.Module:
    return ast.parse(text, path)


@cache
def tracked() -> tuple[str, ...]:
    """Every file under version control that is still there."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def python_sources(*folders: str) -> Iterator[Source]:
    """Tracked Python files under ``folders``."""
    for name in tracked():
        if name.endswith(".py") and name.split("/")[0] in folders:
            yield Source(name, (ROOT / name).read_text(encoding="utf-8"))


def dotted_name(node: ast.expr) -> str:
    """``a.b.c`` of an expression made of names and attributes only, else an empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        front = dotted_name(node.value)
        return f"{front}.{node.attr}" if front else ""
    return ""
