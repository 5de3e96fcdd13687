"""Which roles need an academy, what a password and an address must be: the whole tables."""

import pytest

from server.administration.domain import (
    PASSWORD_MAX_CHARACTERS,
    PASSWORD_MIN_CHARACTERS,
    check_address,
    check_password,
    check_reach,
)
from server.kit.errors import InvalidError
from server.organisation.domain import Role

OF_AN_ACADEMY = {Role.DSL, Role.DEPUTY_DSL}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("has_academy", [True, False])
def test_a_role_is_appointed_where_it_belongs_and_nowhere_else(role: Role, has_academy: bool) -> None:
    if (role in OF_AN_ACADEMY) == has_academy:
        check_reach(role, has_academy=has_academy)
    else:
        with pytest.raises(InvalidError):
            check_reach(role, has_academy=has_academy)


@pytest.mark.parametrize("length", [0, PASSWORD_MIN_CHARACTERS - 1, PASSWORD_MAX_CHARACTERS + 1])
def test_a_password_that_is_too_short_or_too_long_is_refused_without_being_quoted(length: int) -> None:
    with pytest.raises(InvalidError) as refused:
        check_password("q" * length)
    assert "qq" not in refused.value.detail


@pytest.mark.parametrize("length", [PASSWORD_MIN_CHARACTERS, PASSWORD_MAX_CHARACTERS])
def test_a_password_of_sensible_length_is_taken(length: int) -> None:
    check_password("q" * length)


def test_an_address_loses_its_edges() -> None:
    assert check_address("  dsl@marsh.test ") == "dsl@marsh.test"


@pytest.mark.parametrize("address", ["", "dsl", "@marsh.test", "dsl@", "d sl@marsh.test"])
def test_what_cannot_be_an_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidError):
        check_address(address)
