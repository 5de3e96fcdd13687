"""What every door names: the permission it demands. Gives the door the Actor, or refuses.

A route without ``requires`` fails a house test unless it is listed as open there.
"""

from collections.abc import Callable

from starlette.requests import HTTPConnection

from server.access.identify import identify
from server.access.permissions import Permission
from server.access.scope import Actor
from server.kit.clock import Clock
from server.kit.db import Database
from server.kit.errors import ForbiddenError
from server.sign_in.domain import COOKIE, ForeignPageError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEADER = "x-lantern"


class Requires:
    """A dependency that refuses everybody without one permission. Works for routes and websockets."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, connection: HTTPConnection) -> Actor:
        """The Actor behind the connection; NotSignedInError, ForeignPageError or ForbiddenError."""
        refuse_foreign_page(connection)
        actor = actor_of(connection)
        if not actor.may(self.permission):
            raise ForbiddenError("Your role does not allow this.")
        return actor


def requires(permission: Permission) -> Callable[[HTTPConnection], Actor]:
    """``Depends(requires(Permission.X))``: the Actor, if their roles give ``permission``."""
    return Requires(permission)


def actor_of(connection: HTTPConnection) -> Actor:
    """The Actor of the session cookie; NotSignedInError if there is none."""
    return identify(
        connection.app.state.system_database, connection.app.state.clock, connection.cookies.get(COOKIE)
    )


def database(connection: HTTPConnection) -> Database:
    """The pool that serves people: row-level security applies to all it does."""
    found: Database = connection.app.state.database
    return found


def system_database(connection: HTTPConnection) -> Database:
    """The pool of devices and background work."""
    found: Database = connection.app.state.system_database
    return found


def clock(connection: HTTPConnection) -> Clock:
    """What gives the time."""
    found: Clock = connection.app.state.clock
    return found


def refuse_foreign_page(connection: HTTPConnection) -> None:
    """Raise ForeignPageError on a changing request without the header only our own pages set.

    Another site can make a browser send a form with our cookie; it cannot add a header without our leave.
    """
    method = connection.scope.get("method", "GET")
    if method not in SAFE_METHODS and connection.headers.get(HEADER) != "1":
        raise ForeignPageError
