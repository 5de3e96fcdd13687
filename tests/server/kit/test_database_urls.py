"""One address in the forms its readers need; passwords and socket folders survive each."""

import pytest
from psycopg.conninfo import conninfo_to_dict

from server.kit.database_urls import (
    for_database,
    for_keywords,
    for_libpq,
    for_role,
    for_sqlalchemy,
    without_password,
)

SOCKET = "postgresql+psycopg://owner:s3cret@/lantern?host=%2Ftmp%2Fa+folder&port=5432"
NETWORK = "postgresql+psycopg://owner:p%40ss@db.example.org:6432/lantern?sslmode=require"


@pytest.mark.parametrize("given", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_way_of_writing_it_becomes_ours(given: str) -> None:
    assert for_sqlalchemy(f"{given}://o:p@h/d") == "postgresql+psycopg://o:p@h/d"


def test_libpq_reads_the_same_address() -> None:
    assert conninfo_to_dict(for_libpq(NETWORK)) == {
        "user": "owner",
        "password": "p@ss",
        "host": "db.example.org",
        "port": "6432",
        "dbname": "lantern",
        "sslmode": "require",
    }


@pytest.mark.parametrize("url", [SOCKET, NETWORK])
def test_keywords_say_the_same_as_the_url(url: str) -> None:
    assert conninfo_to_dict(for_keywords(url)) == conninfo_to_dict(for_libpq(url))


def test_another_role_and_another_database_keep_the_rest() -> None:
    assert for_role(SOCKET, "app", "x") == SOCKET.replace("owner:s3cret", "app:x")
    assert for_database(SOCKET, "other") == SOCKET.replace("/lantern?", "/other?")


def test_what_is_shown_has_no_password() -> None:
    assert "s3cret" not in without_password(SOCKET)
    assert "owner" in without_password(SOCKET)
