"""Database sessions: the only place that connects, sets the row-level scope, and commits.

Two login roles. ``lantern_app`` serves people and sees only what the scope of its transaction names
(row-level security); ``lantern_system`` serves devices and background work. Reading and writing
sessions are different types, so that a read path cannot be handed a writing one by accident.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Engine, MetaData, create_engine, text
from sqlalchemy.orm import DeclarativeBase, Session

STATEMENT_TIMEOUT_MS = 15_000
IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000
APP_ROLE = "lantern_app"
SYSTEM_ROLE = "lantern_system"
BROKER_ROLE = "lantern_broker"

_T = TypeVar("_T")
Scope = Mapping[str, str]
"""Names and values of ``app.*`` settings that row-level security reads, e.g. ``{"app.actor_id": "…"}``."""


class Table(DeclarativeBase):
    """Base of every room's rows. The schema itself is made by migrations, never by this metadata."""

    metadata = MetaData()


class ReadSession(Session):
    """A session whose transaction is read only; PostgreSQL refuses a write on it."""


class WriteSession(Session):
    """A session that commits once, when its ``with`` block ends without an error."""


class Database:
    """One pool to one PostgreSQL under one role. Give it back with ``close``."""

    def __init__(self, url: str, *, pool_size: int = 8, application_name: str = "lantern") -> None:
        """``url`` is a SQLAlchemy URL with the psycopg driver, e.g. ``postgresql+psycopg://…``."""
        options = (
            f"-c statement_timeout={STATEMENT_TIMEOUT_MS} "
            f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_TIMEOUT_MS} -c timezone=UTC"
        )
        self.engine: Engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            # An error's text would quote the statement's values: what students typed.
            hide_parameters=True,
            connect_args={"options": options, "application_name": application_name},
        )

    @contextmanager
    def read(self, scope: Scope | None = None) -> Iterator[ReadSession]:
        """One read-only transaction under ``scope``."""
        with ReadSession(self.engine, expire_on_commit=False) as session, session.begin():
            session.execute(text("SET TRANSACTION READ ONLY"))
            _apply(session, scope)
            yield session

    @contextmanager
    def write(self, scope: Scope | None = None) -> Iterator[WriteSession]:
        """One writing transaction under ``scope``; commits at the end, rolls back on any error."""
        with WriteSession(self.engine, expire_on_commit=False) as session, session.begin():
            _apply(session, scope)
            yield session

    def write_with(self, work: Callable[[WriteSession], _T], scope: Scope | None = None) -> _T:
        """Run ``work`` in one writing transaction and return what it returns."""
        with self.write(scope) as session:
            return work(session)

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _apply(session: Session, scope: Scope | None) -> None:
    for name, value in (scope or {}).items():
        session.execute(text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value})


def one_or_none(session: Session, statement: Any) -> Any:
    """The single row object of a select, or None."""
    return session.execute(statement).scalar_one_or_none()
