"""The task queue's schema belongs to its role, is made once, and leaves that role without further rights."""

from collections.abc import Iterator

import psycopg
import pytest

from server.kit.database_urls import for_libpq
from server.kit.db import BROKER_ROLE
from server.kit.roles import role_url
from server.kit.task_queue import install_task_queue
from tests.kit.postgres import MASTER_KEY


@pytest.fixture
def broker(owner_url: str) -> Iterator[psycopg.Connection[object]]:
    url = role_url(owner_url, MASTER_KEY, BROKER_ROLE)
    install_task_queue(owner_url, url)
    install_task_queue(owner_url, url)
    with psycopg.connect(for_libpq(url), autocommit=True) as connection:
        yield connection


def test_its_role_makes_sends_and_takes(broker: psycopg.Connection[object]) -> None:
    broker.execute("SELECT pgmq.create('a_queue')")
    broker.execute("SELECT pgmq.send('a_queue', '{\"n\": 1}')")
    taken = broker.execute("SELECT message FROM pgmq.read('a_queue', 1, 10)").fetchall()
    assert taken == [({"n": 1},)]


def test_its_role_may_make_nothing_else(broker: psycopg.Connection[object]) -> None:
    for statement in ("CREATE SCHEMA more", "CREATE TABLE public.more (n int)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            broker.execute(statement.encode())


def test_the_other_roles_cannot_look_into_it(broker: psycopg.Connection[object], app_url: str) -> None:
    with (
        psycopg.connect(for_libpq(app_url)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("SELECT * FROM pgmq.meta")
