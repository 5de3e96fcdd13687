"""A student's device in a test: the real agent on a real display, its notice accepted by a real key."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.kit.desktop import Desktop
from tests.kit.running import ROOT

NOTICE_TITLE = "Lantern"
READ_S = 4.0


class WatchedDevice:
    """The agent process; ``log_path`` is what it said."""

    def __init__(self, desktop: Desktop, home: Path, server: str, token: str | None, account: str) -> None:
        self.home = home
        self.log_path = home.parent / f"{home.name}.log"
        self._desktop = desktop
        words = ["run", "--home", str(home), "--server", server, "--account", account]
        self._command = [sys.executable, "-m", "agent", *words]
        self._token = token
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [*self._command, *(["--enrol", self._token] if self._token else [])]
        with self.log_path.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=self._desktop.environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def accept_notice(self) -> None:
        """Read it (the button waits a moment for that), then press Return, as a student would."""
        self._desktop.wait_for_window(NOTICE_TITLE)
        time.sleep(READ_S)
        self._desktop.key("Return")
        self._wait_until_accepted()

    def _wait_until_accepted(self, timeout_s: float = 30) -> None:
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the agent ended with {self.process.returncode}; see {self.log_path}")
            if json.loads(self.status())["notice_accepted"]:
                time.sleep(1.0)  # the badge is drawn and the keys are hooked after the notice is gone
                return
            time.sleep(0.3)
        raise TimeoutError(f"the notice was not accepted: {self.status()}")

    def status(self) -> str:
        """What the agent's folder tells."""
        done = subprocess.run(
            [sys.executable, "-m", "agent", "status", "--home", str(self.home)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        """As a watchdog would."""
        self.process = self._start()

    def stop(self) -> None:
        """SIGTERM and wait."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextmanager
def watch_device(
    desktop: Desktop, home: Path, *, server: str, token: str, account: str
) -> Iterator[WatchedDevice]:
    """Enrol and start the agent; stop it afterwards."""
    device = WatchedDevice(desktop, home, server, token, account)
    try:
        yield device
    finally:
        device.stop()
