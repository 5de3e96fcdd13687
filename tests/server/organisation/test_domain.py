"""Which roles belong to an academy and which review."""

import pytest

from server.organisation.domain import Role


@pytest.mark.parametrize(
    ("role", "of_an_academy", "reviews"),
    [
        (Role.MODERATOR, False, True),
        (Role.MODERATION_LEAD, False, True),
        (Role.DSL, True, False),
        (Role.DEPUTY_DSL, True, False),
        (Role.TRUST_OFFICER, False, False),
    ],
)
def test_roles(role: Role, of_an_academy: bool, reviews: bool) -> None:
    assert (role.is_of_an_academy, role.is_review) == (of_an_academy, reviews)
