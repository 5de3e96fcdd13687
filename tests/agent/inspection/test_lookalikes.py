"""What a character is read as: by eye, whatever its script or dress."""

import pytest

from agent.inspection.lookalikes import seen_as


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("a", "a"), ("A", "a"), ("\uff21", "a"), ("\u0430", "a"), ("\u03b1", "a"), ("\u00e9", "e"), ("\ufb01", "fi"),
        ("\U0001d51e", "a"), ("\u24d0", "a"), ("\U0001f1e6", "a"), ("\U0001f150", "a"), ("\u1d00", "a"),
        ("\u200b", ""), ("\u0301", ""), ("\u0345", ""), ("'", ""), ("\u2019", ""), ("$", "$"), ("7", "7"), (",", " "),
        ("\n", " "), ("\U0001f642", "\U0001f642"), ("\u65e5", "\u65e5"), ("\u00df", "ss"),
    ],
)  # fmt: skip
def test_a_character_is_read_by_eye(typed: str, seen: str) -> None:
    """Dressed letters are letters, what is not seen is nothing, other scripts stay themselves."""
    assert seen_as(typed) == seen
