"""One base for every error a person or a device may be shown: a code, a status, a plain sentence.

Each room defines its own in its domain.py; server.app renders them all in one handler.
"""


class KnownError(Exception):
    """An error we expect. ``detail`` says what to do; it never carries a passage, a name or a secret."""

    code = "error"
    status = 400

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NotFoundError(KnownError):
    """It does not exist, or the asker may not know that it does: the two are never told apart."""

    code = "not_found"
    status = 404


class ConflictError(KnownError):
    """Somebody else was first, or the state has moved on."""

    code = "conflict"
    status = 409


class ForbiddenError(KnownError):
    """The asker is known and may not."""

    code = "forbidden"
    status = 403


class UnauthenticatedError(KnownError):
    """Nobody is signed in, or the session has ended."""

    code = "unauthenticated"
    status = 401


class InvalidError(KnownError):
    """The request is well formed and still cannot be meant."""

    code = "invalid"
    status = 422
