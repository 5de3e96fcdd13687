"""Every known error has a code and a status of its own family."""

import pytest

from server.kit.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    KnownError,
    NotFoundError,
    UnauthenticatedError,
)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (KnownError, 400),
        (UnauthenticatedError, 401),
        (ForbiddenError, 403),
        (NotFoundError, 404),
        (ConflictError, 409),
        (InvalidError, 422),
    ],
)
def test_a_kind_of_error_has_its_status(kind: type[KnownError], status: int) -> None:
    error = kind("Say what to do.")
    assert (error.status, error.detail, str(error)) == (status, "Say what to do.", "Say what to do.")
    assert error.code.isidentifier()
