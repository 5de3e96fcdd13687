"""An installation makes its database ready, from nothing, as often as it is asked."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from server.kit.embedded_postgres import EmbeddedPostgres
from server.kit.installation import addresses_on, open_addresses, open_database, prepare

pytestmark = [pytest.mark.database, pytest.mark.timeout(120)]
KEY = bytes(reversed(range(32)))


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lantern-pg-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "data"
        EmbeddedPostgres(Path(name) / "data").remove()


def test_from_nothing_to_three_roles_that_can_work(folder: Path) -> None:
    with open_addresses(folder, None, KEY) as addresses:
        prepare(addresses, KEY)
        prepare(addresses, KEY)
        for url in (addresses.app, addresses.system, addresses.broker):
            with open_database(url, pool_size=1) as database, database.read() as session:
                assert session.execute(text("SELECT 1")).scalar_one() == 1
        with open_addresses(folder, None, KEY) as second:
            assert second == addresses
        # The second did not start it and therefore did not stop it.
        with open_database(addresses.system, pool_size=1) as database, database.read() as session:
            assert session.execute(text("SELECT count(*) FROM event")).scalar_one() == 0
    assert EmbeddedPostgres(folder).postmaster_pid is None


def test_a_named_database_is_used_as_it_is(tmp_path: Path) -> None:
    with open_addresses(tmp_path, "postgres://o:p@db.example.org/lantern", KEY) as addresses:
        assert addresses == addresses_on("postgresql+psycopg://o:p@db.example.org/lantern", KEY)
        assert addresses.app.startswith("postgresql+psycopg://lantern_app:")
        assert addresses.system.endswith("@db.example.org/lantern")
    assert list(tmp_path.iterdir()) == []


def test_addresses_never_show_their_passwords() -> None:
    assert repr(addresses_on("postgresql://o:secret@h/d", KEY)) == "Addresses()"
