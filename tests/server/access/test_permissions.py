"""The whole table of role and permission, written a second time by hand: a change must be meant twice."""

import re

import pytest

from server.access.permissions import HOLDERS, Permission, permissions_of
from server.organisation.domain import Role

# One letter a role: m moderator, l moderation lead, d DSL, p deputy, t trust officer.
LETTERS = {
    "m": Role.MODERATOR,
    "l": Role.MODERATION_LEAD,
    "d": Role.DSL,
    "p": Role.DEPUTY_DSL,
    "t": Role.TRUST_OFFICER,
}
TABLE = {
    "own:profile:read": "mldpt",
    "own:taxonomy:read": "mldpt",
    "own:feed:read": "mldpt",
    "own:evidence:read": "mldp",
    "review:queue:read": "ml",
    "review:queue:claim": "ml",
    "review:queue:oversee": "l",
    "review:event:read": "ml",
    "review:event:grade": "ml",
    "review:event:dismiss": "ml",
    "record:alert:read": "dp",
    "record:alert:acknowledge": "dp",
    "record:alert:close": "dp",
    "record:student:find": "dp",
    "record:student:read": "dp",
    "record:concern:open": "dp",
    "record:concern:close": "dp",
    "record:note:add": "dp",
    "record:action:add": "dp",
    "record:action:complete": "dp",
    "record:colleague:read": "dp",
    "record:referral:make": "dp",
    "record:outcome:record": "dp",
    "board:times:read": "dpt",
    "board:device:read": "t",
    "board:academy:add": "t",
    "board:appointment:make": "t",
    "board:audit:read": "t",
    "board:enrolment:issue": "t",
}


def test_the_table_names_every_permission_and_every_role() -> None:
    assert set(TABLE) == {permission.value for permission in Permission}
    assert set(LETTERS.values()) == set(Role) == set(HOLDERS)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_a_role_holds_exactly_what_the_table_says(role: Role, permission: Permission) -> None:
    expected = role in {LETTERS[letter] for letter in TABLE[permission.value]}
    assert (permission in permissions_of([role])) is expected


def test_no_role_gives_nothing_and_two_add_up() -> None:
    assert permissions_of([]) == frozenset()
    both = permissions_of([Role.MODERATOR, Role.TRUST_OFFICER])
    assert both == HOLDERS[Role.MODERATOR] | HOLDERS[Role.TRUST_OFFICER]


@pytest.mark.parametrize("permission", list(Permission))
def test_every_permission_reads_scope_resource_action(permission: Permission) -> None:
    assert re.fullmatch(r"(own|review|record|board):[a-z]+:[a-z]+", permission.value)
    assert permission.name == permission.value.replace(":", "_").upper()


def test_who_reviews_never_keeps_a_record_and_the_other_way_round() -> None:
    def scopes(role: Role) -> set[str]:
        return {permission.value.partition(":")[0] for permission in HOLDERS[role]}

    assert scopes(Role.MODERATOR) == scopes(Role.MODERATION_LEAD) == {"own", "review"}
    assert scopes(Role.DSL) == scopes(Role.DEPUTY_DSL) == {"own", "record", "board"}
    assert scopes(Role.TRUST_OFFICER) == {"own", "board"}
