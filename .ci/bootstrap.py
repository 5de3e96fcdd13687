"""From a bare clone to a running command, with nothing but Python 3.11 or later: called by the Makefile.

Standard library only. Every step is one line with its duration; what stands already is not done again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)


def _newer_python() -> None:
    """Start again under a newer Python of this machine, or say that there is none."""
    for name in ("python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        if found:
            os.execv(found, [found, *sys.argv])
    sys.exit(f"lantern: Python {OLDEST[0]}.{OLDEST[1]} or later is needed, this is {sys.version.split()[0]}")


if sys.version_info < OLDEST:
    _newer_python()

import desktop  # noqa: E402 - after the version check, so that an old Python gets a sentence
import environment  # noqa: E402
import locking  # noqa: E402
import quality  # noqa: E402
import suite  # noqa: E402
import ui  # noqa: E402
from steps import ROOT, SetupError, say  # noqa: E402

HELP = """make run    set up and start everything; make run ARGS="--fresh --port 8000"
make test   set up and pass every test; make test ARGS="tests/agent" for a part
make check  format, lint, contracts, types
make fix    format, and mend what the linter can
make bench  the bars; make bench ONLY=B3,B4 for some; writes bench.json
make lock   all locks anew, nothing younger than a week
make help   this page"""


def main(command: str, arguments: list[str]) -> int:
    """Set up what ``command`` needs, then do it. Returns the exit status."""
    if command == "help":
        print(HELP)
        return 0
    if command == "lock":
        return locking.lock()
    with environment.one_at_a_time():
        python = environment.prepare("run" if command == "run" else "dev")
        if command == "run":
            ui.build(environment.VENV)
            desktop.install_for_run(arguments)
    if command == "run":
        return _become([str(python), "-m", "server", "run", *arguments])
    if command == "bench":
        return _become([str(python), "-m", "bench", *arguments])
    if command == "test":
        return suite.run_tests(environment.VENV, python, arguments)
    if command == "check":
        return quality.check(environment.VENV, python)
    if command == "fix":
        return quality.fix(python)
    print(HELP)
    return 2


def _become(command: list[str]) -> int:
    """Replace this process, so that signals reach the program itself."""
    os.chdir(ROOT)
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "help", sys.argv[2:]))
    except SetupError as error:
        say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
