"""One PostgreSQL, many ways to name it: for SQLAlchemy, for libpq and asyncpg, for another role or database."""

from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import URL, make_url

DRIVER = "postgresql+psycopg"


def for_sqlalchemy(url: str) -> str:
    """``postgres://…`` or ``postgresql://…`` with our driver named."""
    return _written(make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername=DRIVER))


def for_libpq(url: str) -> str:
    """The same address as libpq, asyncpg and pgmq read it."""
    return _written(make_url(url).set(drivername="postgresql"))


def for_keywords(url: str) -> str:
    """``host=… dbname=…``: the only form in which pgmq understands a socket's folder."""
    return make_conninfo(**{name: str(value) for name, value in conninfo_to_dict(for_libpq(url)).items()})


def for_role(url: str, role: str, password: str) -> str:
    """The same database, entered as another role."""
    return _written(make_url(url).set(username=role, password=password))


def for_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    return _written(make_url(url).set(database=name))


def without_password(url: str) -> str:
    """Fit for a log line or an error."""
    return make_url(url).render_as_string(hide_password=True)


def _written(url: URL) -> str:
    return url.render_as_string(hide_password=False)
