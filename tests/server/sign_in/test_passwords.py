"""Argon2id with today's parameters, and no way to tell a missing hash from a wrong password by its cost."""

from argon2 import extract_parameters
from argon2.low_level import Type

from server.sign_in.passwords import NOBODYS_HASH, hash_password, is_outdated, is_password


def test_a_hash_opens_with_its_password_only() -> None:
    stored = hash_password("a lamp in the window")
    assert is_password(stored, "a lamp in the window")
    assert not is_password(stored, "a lamp in the Window")
    assert stored != hash_password("a lamp in the window")
    assert not is_outdated(stored)


def test_no_hash_means_no_and_the_same_parameters() -> None:
    assert not is_password(None, "")
    assert not is_password("no hash at all", "anything")
    parameters = extract_parameters(NOBODYS_HASH)
    assert parameters == extract_parameters(hash_password("x"))
    assert (parameters.type, parameters.memory_cost) == (Type.ID, 64 * 1024)


def test_a_weaker_hash_is_noticed() -> None:
    assert is_outdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21l$" + "A" * 43)
