"""Serves the moderation UI as built, and puts the security headers on every answer.

The page may load code, styles and data from this server only; nothing frames it; no address leaks out.
"""

from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        # Screenshots are fetched with the session and shown from memory, never cached on disk.
        "img-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
NOT_BUILT = "The moderation UI has not been built. Run: make run\n"
# What belongs to programs: an unknown address there is an error, never the page.
PROGRAMS = ("api/", "v1/")


class PageHeaders:
    """Puts the headers on every answer; answers of the API are never cached."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; websockets pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_api = scope["path"].startswith(("/api/", "/v1/"))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if is_api:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class _Page(StaticFiles):
    """The built files; every other address is a place inside the page and gets index.html."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file with a name by content lives for a year in the browser; the page itself is asked for each time."""
        if path.startswith(PROGRAMS):
            raise HTTPException(404, "There is nothing here.")
        try:
            answer = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or path.startswith("assets/"):
                raise
            answer = FileResponse(Path(str(self.directory)) / "index.html")
            path = "index.html"
        lasting = "public, max-age=31536000, immutable"
        answer.headers["Cache-Control"] = lasting if path.startswith("assets/") else "no-cache"
        return answer


def mount_page(app: Starlette, folder: Path) -> None:
    """Serve ``folder`` at /. Without a build, every address says how to make one."""
    if (folder / "index.html").exists():
        app.mount("/", _Page(directory=folder, html=True), name="page")
    else:
        app.mount("/", _not_built, name="page")


async def _not_built(scope: Scope, receive: Receive, send: Send) -> None:
    path = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/")
    if path.startswith(PROGRAMS):
        raise HTTPException(404, "There is nothing here.")
    await PlainTextResponse(NOT_BUILT, status_code=503)(scope, receive, send)
