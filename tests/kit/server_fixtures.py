"""Fixtures of every test that needs the server: databases, clock, app and people who are signed in.

Tests do not roll back: verbs own their transactions. Each makes its own trust instead, and no one sees
another's rows; a test that counts across trusts asks for ``empty_database``.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from server.app import Parts, create_app
from server.evidence.blob_store import FolderBlobStore
from server.kit.database_urls import for_libpq
from server.kit.db import APP_ROLE, SYSTEM_ROLE, Database
from server.kit.roles import role_url
from server.kit.sealing import Keyring
from tests.kit.clock import FakeClock
from tests.kit.organisation import Staff
from tests.kit.postgres import MASTER_KEY, cloned, empty, make_folder, remove_folder
from tests.kit.sign_in import make_session

_FOLDER = pytest.StashKey[Path]()
NEEDS_DATABASE = "owner_url"


def pytest_configure(config: pytest.Config) -> None:
    """The process that began the run owns the folder; its workers are told where it is."""
    told = getattr(config, "workerinput", {}).get("lantern_folder")
    config.stash[_FOLDER] = Path(told) if told else make_folder()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker (pytest-xdist) where the run's folder is."""
    node.workerinput["lantern_folder"] = str(node.config.stash[_FOLDER])  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server when the whole run is over."""
    if not hasattr(config, "workerinput") and _FOLDER in config.stash:
        remove_folder(config.stash[_FOLDER])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever uses a database carries the marker, without having to say so."""
    for item in items:
        if NEEDS_DATABASE in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def owner_url(pytestconfig: pytest.Config) -> Iterator[str]:
    """The owner's URL of this worker's own migrated database."""
    with cloned(pytestconfig.stash[_FOLDER]) as url:
        yield url


@pytest.fixture(scope="session")
def app_url(owner_url: str) -> str:
    """SQLAlchemy's URL for the role that serves people."""
    return role_url(owner_url, MASTER_KEY, APP_ROLE)


@pytest.fixture(scope="session")
def system_url(owner_url: str) -> str:
    """SQLAlchemy's URL for the role of devices and background work."""
    return role_url(owner_url, MASTER_KEY, SYSTEM_ROLE)


@pytest.fixture(scope="session")
def database(app_url: str) -> Iterator[Database]:
    """As ``lantern_app``: without a scope it sees nothing."""
    pool = Database(app_url, pool_size=4)
    yield pool
    pool.close()


@pytest.fixture(scope="session")
def system_database(system_url: str) -> Iterator[Database]:
    """As ``lantern_system``."""
    pool = Database(system_url, pool_size=4)
    yield pool
    pool.close()


@pytest.fixture
def empty_database(owner_url: str) -> None:
    """No row in any table when the test begins."""
    empty(owner_url)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still."""
    return FakeClock()


@pytest.fixture
def keyring() -> Keyring:
    """All secrets from the tests' master key."""
    return Keyring(MASTER_KEY)


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobStore:
    """A store of sealed blobs in a folder of this test."""
    return FolderBlobStore(tmp_path / "blobs")


@pytest.fixture
def app(
    database: Database,
    system_database: Database,
    system_url: str,
    clock: FakeClock,
    keyring: Keyring,
    blobs: FolderBlobStore,
    tmp_path: Path,
) -> FastAPI:
    """The web process with the real databases and the fake clock."""
    return create_app(
        Parts(
            database=database,
            system_database=system_database,
            system_url=for_libpq(system_url),
            clock=clock,
            keyring=keyring,
            blobs=blobs,
            public_url="https://lantern.test",
            page_folder=tmp_path / "page",
        )
    )


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Nobody's browser, opened on our own page. ``with`` has run the app's start."""
    with TestClient(
        app, base_url="https://lantern.test", headers={"X-Lantern": "1"}, raise_server_exceptions=False
    ) as opened:
        yield opened


@pytest.fixture
def client_of(
    app: FastAPI, client: TestClient, system_database: Database, clock: FakeClock
) -> Callable[[Staff], TestClient]:
    """A browser in which that member of staff is signed in: ``client_of(make_staff(…))``."""

    def signed_in(staff: Staff) -> TestClient:
        token = make_session(system_database, clock, staff)
        # Shares the app whose start ``client`` has run; cookies are its own.
        return TestClient(
            app,
            base_url="https://lantern.test",
            headers={"X-Lantern": "1"},
            cookies={"lantern_session": token},
            raise_server_exceptions=False,
        )

    return signed_in
