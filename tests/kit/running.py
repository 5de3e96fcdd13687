"""The whole product as people start it: ``python -m server run`` in a folder of its own, and people at its API."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 120


def free_port_block() -> int:
    """The first of three neighbouring free loopback ports."""
    # Not always the same ones: two test runs on one machine must not meet.
    first = random.randrange(18_000, 28_000, 10)
    for start in (18_000 + (first + step - 18_000) % 10_000 for step in range(0, 10_000, 10)):
        try:
            for port in range(start, start + 3):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return start
    raise RuntimeError("no three free ports")


class RunningLantern:
    """``make run``'s own command, started in ``folder``; ends with ``stop``."""

    def __init__(self, folder: Path, *extra: str, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port_block()
        self.address = f"http://127.0.0.1:{self.port}"
        self.mailbox = f"http://127.0.0.1:{self.port + 1}"
        self._log = (folder.parent / f"{folder.name}.run.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server", "run", "--data", str(folder), "--port", str(self.port), *extra],
            cwd=ROOT,
            env=self.environment(),
            stdout=self._log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        self._wait()

    @staticmethod
    def environment() -> dict[str, str]:
        """This process's environment without anything that would point at another installation."""
        foreign = ("DATABASE_URL", "BROKER_URL", "SMTP_URL", "PUBLIC_URL", "DISPLAY")
        return {
            key: value
            for key, value in os.environ.items()
            if key not in foreign and not key.startswith("LANTERN_")
        }

    def _wait(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"server run ended with {self.process.returncode}; see {self._log.name}")
            if self.guide_path.exists() and self.process.poll() is None and self._healthy():
                return
            time.sleep(0.2)
        self.stop()
        raise TimeoutError(f"not ready within {START_TIMEOUT_S} s; see {self._log.name}")

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/api/health", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    @property
    def guide_path(self) -> Path:
        return self.folder / "guide.json"

    @property
    def guide(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.guide_path.read_text())
        return loaded

    def sign_in_of(self, role: str) -> tuple[str, str]:
        """(e-mail, passphrase) of the first invented member of staff whose role starts so."""
        for one in self.guide["sign_ins"]:
            if one["role"].startswith(role):
                return one["email"], one["passphrase"]
        raise KeyError(role)

    def pid_of(self, name: str) -> int:
        """The process id of one child, e.g. ``web``."""
        return int((self.folder / "logs" / f"{name}.pid").read_text())

    def kill(self, name: str) -> None:
        """kill -9 one child and everything it started."""
        os.killpg(self.pid_of(name), signal.SIGKILL)

    def mails(self) -> list[dict[str, str]]:
        """Every mail received, newest first."""
        with urllib.request.urlopen(f"{self.mailbox}/mails.json", timeout=10) as answer:
            listed: list[dict[str, str]] = json.load(answer)["mails"]
            return listed

    def stop(self) -> int:
        """Ctrl-C, as a person would; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._log.close()
        return self.process.returncode


class ApiError(Exception):
    """The server refused; ``status`` and ``code`` say how."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


class Person:
    """Somebody with a browser's cookie jar, speaking to the people's API directly."""

    def __init__(self, address: str, email: str, passphrase: str) -> None:
        self._address = address
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )
        self.post("/api/sign-in", {"email": email, "password": passphrase})

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"X-Lantern": "1", "Content-Type": "application/json", "Origin": self._address}
        request = urllib.request.Request(self._address + path, data=data, method=method, headers=headers)
        try:
            with self._opener.open(request, timeout=20) as answer:
                raw = answer.read()
                return (
                    json.loads(raw)
                    if raw and "json" in answer.headers.get("Content-Type", "")
                    else raw or None
                )
        except urllib.error.HTTPError as error:
            raw = error.read()
            code = json.loads(raw).get("code", "") if raw[:1] == b"{" else ""
            raise ApiError(error.code, code) from None

    def get(self, path: str) -> Any:
        return self._send("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self._send("POST", path, body if body is not None else {})
