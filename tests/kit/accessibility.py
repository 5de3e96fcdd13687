"""A session with an accessibility bus of its own, for tests that must tell password fields apart."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
CHROMIUM_ACCESSIBILITY = "--force-renderer-accessibility"


def require_accessibility_programs() -> None:
    """Fail, naming what to install, rather than skip: these tests are the product's proof."""
    if shutil.which("dbus-daemon") is None or not LAUNCHER.exists():
        raise RuntimeError("accessibility tests need: apt-get install dbus at-spi2-core")


@contextmanager
def start_session(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a session whose buses live in ``folder`` and end with it."""
    require_accessibility_programs()
    folder.mkdir(mode=0o700)
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "GIO_USE_VFS": "local"}
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert daemon.stdout is not None
        yield {**environment, "DBUS_SESSION_BUS_ADDRESS": daemon.stdout.readline().strip()}
    finally:
        daemon.terminate()
        daemon.wait(10)
        if daemon.stdout is not None:
            daemon.stdout.close()
