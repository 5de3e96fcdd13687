"""The Python environment: made once, synchronised only when its lock has changed, ours by one .pth line."""

from __future__ import annotations

import contextlib
import hashlib
import os
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path

from fetch_uv import configured_indexes, find_uv
from steps import ROOT, TOOLS, run, step, with_retries

VENV = ROOT / ".venv"
LOCKS = {
    "run": "locked-run.txt",
    "dev": "locked.txt",
    "agent": "locked-agent.txt",
    "server": "locked-server.txt",
}
"""What each level installs. ``run`` is what people start, ``dev`` everything; the others prove separation."""


def python_of(venv: Path) -> Path:
    """The interpreter inside an environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def uv_environment() -> dict[str, str]:
    """What uv's children see: the machine's own certificates, patience, and the index pip would use."""
    env = dict(os.environ)
    env.setdefault("UV_SYSTEM_CERTS", "1")
    env.setdefault("UV_HTTP_TIMEOUT", "180")
    env.setdefault("UV_NO_PROGRESS", "1")
    env.setdefault("UV_PYTHON_DOWNLOADS", "never")
    env.pop("VIRTUAL_ENV", None)
    home = Path(env.get("HOME", "/nonexistent"))
    if "UV_CACHE_DIR" not in env and not os.access(home, os.W_OK):
        env["UV_CACHE_DIR"] = str(TOOLS / "cache")
    if not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & env.keys():
        remote = [address for address in configured_indexes() if not address.startswith("file:")]
        if remote:
            env["UV_DEFAULT_INDEX"] = remote[0]
    return env


def node_environment() -> dict[str, str]:
    """What node's children see: node does not read the machine's certificates unless it is told where."""
    env = dict(os.environ)
    bundle = ssl.get_default_verify_paths().cafile
    if bundle and Path(bundle).exists():
        env.setdefault("NODE_EXTRA_CA_CERTS", bundle)
    return env


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two commands started together must not both build the environment."""
    TOOLS.mkdir(exist_ok=True)
    if os.name == "nt":
        yield
        return
    import fcntl  # noqa: PLC0415 - exists on POSIX only

    with (TOOLS / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def prepare(level: str) -> Path:
    """Bring the working environment to at least ``level`` and return its interpreter."""
    stamp = VENV / "lantern.stamp"
    held = stamp.read_text().split() if stamp.exists() else []
    # An environment somebody made by hand is taken for the full one: never strip a developer's tools.
    has_dev = held[:1] == ["dev"] or (VENV.exists() and not held)
    return _synchronise(VENV, "dev" if has_dev else level)


def prepare_apart(level: str) -> Path:
    """An environment of its own that holds one house's dependencies and pytest, nothing else."""
    return _synchronise(ROOT / f".venv-{level}", level)


def _synchronise(venv: Path, level: str) -> Path:
    lock = ROOT / ".ci" / LOCKS[level]
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    wanted = f"{level} {digest} {sys.version_info.major}.{sys.version_info.minor}"
    stamp = venv / "lantern.stamp"
    python = python_of(venv)
    if not (stamp.exists() and stamp.read_text().strip() == wanted and python.exists()):
        uv = find_uv()
        env = uv_environment()
        if not _is_same_python(python):
            with step(f"made {venv.name}"):
                run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, venv], env=env)
        command: list[str | Path] = [
            uv,
            "pip",
            "sync",
            "--quiet",
            "--python",
            python,
            "--require-hashes",
            lock,
        ]
        with step(f"installed {LOCKS[level]} into {venv.name}"):
            with_retries("uv pip sync", lambda: run(command, env=env))
        stamp.write_text(wanted + "\n")
    _write_path_file(venv)
    return python


def _is_same_python(python: Path) -> bool:
    if not python.exists():
        return False
    said = run([python, "-c", "import sys; print(*sys.version_info[:2], sep='.')"])
    return said.strip() == f"{sys.version_info.major}.{sys.version_info.minor}"


def _write_path_file(venv: Path) -> None:
    """Our own packages are found where they lie; nothing is built and nothing is copied."""
    pattern = "Lib/site-packages" if os.name == "nt" else "lib/python*/site-packages"
    for site in venv.glob(pattern):
        line = f"{ROOT}\n"
        path_file = site / "lantern.pth"
        if not path_file.exists() or path_file.read_text() != line:
            path_file.write_text(line)
