"""A page with one text area, shown by a real Chromium window on a test's display."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.kit.desktop import CHROMIUM_FLAGS, Desktop

TITLE = "Essay for English"
PAGE = (
    f"<!doctype html><title>{TITLE}</title><style>textarea{{width:96vw;height:90vh;font:22px sans-serif}}</style>"
    "<textarea autofocus aria-label='Essay'></textarea>"
).encode()


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def write_essay(desktop: Desktop, profile: Path) -> Iterator[None]:
    """Open the page in a window of its own and put the caret into the text area."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    chromium = subprocess.Popen(
        [
            "chromium",
            *CHROMIUM_FLAGS,
            f"--user-data-dir={profile}",
            "--window-size=1000,700",
            f"--app={address}",
        ],
        env=desktop.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        window = desktop.wait_for_window(TITLE, timeout_s=60)
        desktop.xdotool("mousemove", "--window", window, "300", "300", "click", "1")
        yield
    finally:
        chromium.terminate()
        chromium.wait(15)
        server.shutdown()
        server.server_close()
