"""The task queue's own schema on our PostgreSQL, owned by a role that can read nothing else."""

import psycopg
from pgmq.install import install_pgmq_from_sql
from psycopg import sql

from server.kit.database_urls import for_libpq
from server.kit.db import BROKER_ROLE

SCHEMA = "pgmq"


def install_task_queue(owner_url: str, broker_url: str) -> None:
    """Make the schema ``pgmq`` if it is not there. The broker's role must be able to log in by now."""
    with psycopg.connect(for_libpq(owner_url), autocommit=True) as owner:
        if owner.execute("SELECT to_regclass('pgmq.meta')").fetchone() != (None,):
            return
        here = owner.execute("SELECT current_database()").fetchone()
        assert here is not None
        name, role = sql.Identifier(str(here[0])), sql.Identifier(BROKER_ROLE)
        # Its script makes the schema itself, and PostgreSQL asks for this right even if the schema exists.
        owner.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(name, role))
        try:
            install_pgmq_from_sql(dsn=for_libpq(broker_url))
        finally:
            owner.execute(sql.SQL("REVOKE CREATE ON DATABASE {} FROM {}").format(name, role))
