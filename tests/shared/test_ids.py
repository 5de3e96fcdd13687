"""Device-made ids sort by time, say their version, and need nobody's clock."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import uuid7

TEN_BYTES = st.binary(min_size=10, max_size=10)
UNIX_MS = st.integers(min_value=0, max_value=2**48 - 1)


@given(UNIX_MS, TEN_BYTES)
def test_it_is_a_version_7_uuid_of_the_rfc(unix_ms: int, random_bytes: bytes) -> None:
    made = uuid7(unix_ms, random_bytes)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == unix_ms


@given(UNIX_MS, UNIX_MS, TEN_BYTES, TEN_BYTES)
def test_a_later_millisecond_sorts_later(earlier: int, later: int, one: bytes, two: bytes) -> None:
    if earlier != later:
        earlier, later = sorted((earlier, later))
        assert uuid7(earlier, one) < uuid7(later, two)
        assert str(uuid7(earlier, one)) < str(uuid7(later, two))


def test_the_rest_is_the_randomness_it_was_given() -> None:
    assert uuid7(0, b"\xff" * 10) == UUID("00000000-0000-7fff-bfff-ffffffffffff")
    assert uuid7(0, bytes(10)) == UUID("00000000-0000-7000-8000-000000000000")


@pytest.mark.parametrize("size", [0, 9, 11, 16])
def test_another_amount_of_randomness_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="10 random bytes"):
        uuid7(0, bytes(size))
