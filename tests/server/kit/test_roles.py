"""Role passwords follow from the master key and from nothing else; a wrong key opens nothing."""

import psycopg
import pytest

from server.kit.database_urls import for_libpq
from server.kit.db import APP_ROLE, SYSTEM_ROLE
from server.kit.roles import LOGIN_ROLES, role_password, role_url
from tests.kit.postgres import MASTER_KEY


def test_a_password_is_the_same_for_the_same_key_and_role_only() -> None:
    assert role_password(MASTER_KEY, APP_ROLE) == role_password(MASTER_KEY, APP_ROLE)
    everyone = {role_password(key, role) for key in (MASTER_KEY, bytes(32)) for role in LOGIN_ROLES}
    assert len(everyone) == 2 * len(LOGIN_ROLES)
    # Fixed, because every process of an installation computes it on its own, also after an update.
    assert role_password(bytes(32), SYSTEM_ROLE)[:16] == "88c19c942a7da94f"


@pytest.mark.parametrize("role", LOGIN_ROLES)
def test_each_role_enters_as_itself(owner_url: str, role: str) -> None:
    with psycopg.connect(for_libpq(role_url(owner_url, MASTER_KEY, role))) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (role,)


@pytest.mark.parametrize("role", LOGIN_ROLES)
def test_a_wrong_key_is_refused(owner_url: str, role: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(for_libpq(role_url(owner_url, bytes(32), role)))
