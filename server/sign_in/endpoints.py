"""The two doors that need no session: sign in and sign out."""

from fastapi import APIRouter, Request, Response

from server.sign_in.domain import ABSOLUTE, COOKIE, ForeignPageError
from server.sign_in.schemas import SignInBody
from server.sign_in.sign_in import Credentials, sign_in, sign_out

router = APIRouter(prefix="/api", tags=["sign-in"])


@router.post("/sign-in", status_code=204)
def post_sign_in(body: SignInBody, request: Request) -> Response:
    """Start a session; 401 ``bad_credentials`` whatever was wrong."""
    _refuse_foreign_page(request)
    state = request.app.state
    credentials = Credentials(body.email, body.password.get_secret_value())
    token = sign_in(state.system_database, state.clock, credentials)
    answer = Response(status_code=204)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(ABSOLUTE.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        # A browser drops a Secure cookie that came over plain HTTP, which only a demonstration on loopback uses.
        secure=state.public_url.startswith("https://"),
    )
    return answer


@router.post("/sign-out", status_code=204)
def post_sign_out(request: Request) -> Response:
    """End the session; the same answer when there was none."""
    _refuse_foreign_page(request)
    sign_out(request.app.state.system_database, request.cookies.get(COOKIE))
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


def _refuse_foreign_page(request: Request) -> None:
    # access.dependencies does the same for every other door and stands above this room.
    if request.headers.get("x-lantern") != "1":
        raise ForeignPageError
