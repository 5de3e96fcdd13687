"""Who am I: the door to one's own name, roles and permissions."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from server.access.permissions import permissions_of
from server.kit.db import Database
from server.organisation.domain import Role
from tests.kit.organisation import Staff, make_academy, make_staff


@pytest.mark.parametrize("role", list(Role))
def test_me_lists_exactly_what_the_role_allows(
    client_of: Callable[[Staff], TestClient], system_database: Database, role: Role
) -> None:
    answer = client_of(make_staff(system_database, role)).get("/api/me")
    assert answer.status_code == 200
    assert answer.json()["permissions"] == sorted(one.value for one in permissions_of([role]))
    assert [one["role"] for one in answer.json()["appointments"]] == [role.value]


def test_me_names_the_academy_only_for_roles_of_one(
    client_of: Callable[[Staff], TestClient], system_database: Database
) -> None:
    academy = make_academy(system_database)
    dsl = client_of(make_staff(system_database, Role.DSL, academy=academy)).get("/api/me").json()
    officer = client_of(make_staff(system_database, Role.TRUST_OFFICER)).get("/api/me").json()
    assert dsl["appointments"][0]["academy_name"] == academy.name
    assert officer["appointments"][0]["academy_id"] is None


def test_nobody_is_nobody(client: TestClient) -> None:
    assert client.get("/api/me").status_code == 401
