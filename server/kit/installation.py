"""One installation's database: embedded or named, made ready, and the address of each role on it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from server.kit.database_urls import for_sqlalchemy
from server.kit.db import APP_ROLE, BROKER_ROLE, SYSTEM_ROLE, Database
from server.kit.embedded_postgres import EmbeddedPostgres
from server.kit.roles import let_roles_log_in, role_url
from server.kit.task_queue import install_task_queue
from server.migrations.run import migrate

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Addresses:
    """SQLAlchemy URLs with passwords; never logged."""

    owner: str = field(repr=False)
    app: str = field(repr=False)
    system: str = field(repr=False)
    broker: str = field(repr=False)


@contextmanager
def open_addresses(data_dir: Path, owner_url: str | None, master_key: bytes) -> Iterator[Addresses]:
    """The addresses on ``owner_url``, or on the embedded PostgreSQL under ``data_dir``.

    An embedded one that runs already is used; one that does not is started and stopped with this process.
    """
    if owner_url is not None:
        yield addresses_on(owner_url, master_key)
        return
    embedded = EmbeddedPostgres(data_dir)
    url = embedded.start()
    try:
        yield addresses_on(url, master_key)
    finally:
        if embedded.is_ours:
            embedded.stop()


def addresses_on(owner_url: str, master_key: bytes) -> Addresses:
    """Each role's address on the same database."""
    url = for_sqlalchemy(owner_url)
    return Addresses(
        owner=url,
        app=role_url(url, master_key, APP_ROLE),
        system=role_url(url, master_key, SYSTEM_ROLE),
        broker=role_url(url, master_key, BROKER_ROLE),
    )


def prepare(addresses: Addresses, master_key: bytes) -> None:
    """Migrate, let the roles in, make the task queue. Safe to repeat; several may do it at once."""
    migrate(addresses.owner)
    let_roles_log_in(addresses.owner, master_key)
    install_task_queue(addresses.owner, addresses.broker)
    _log.info("the database is ready")


@contextmanager
def open_database(url: str, *, pool_size: int = 8, application_name: str = "lantern") -> Iterator[Database]:
    """A pool that is given back at the end."""
    database = Database(url, pool_size=pool_size, application_name=application_name)
    try:
        yield database
    finally:
        database.close()
