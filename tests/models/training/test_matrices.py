"""Rows of about length one, as both models weigh them."""

import pytest

from models.training.matrices import WORD_SHARE, counted_matrix, hashed_matrix


def test_hashed_rows_have_length_one() -> None:
    """Each of n features counts 1/sqrt(n)."""
    matrix = hashed_matrix(["ab", ""], lambda text: [ord(char) - 97 for char in text], width=4)
    assert matrix.shape == (2, 4)
    assert matrix.toarray()[0].tolist() == pytest.approx([2**-0.5, 2**-0.5, 0, 0])
    assert matrix.toarray()[1].tolist() == [0, 0, 0, 0]


def test_counted_rows_are_worth_what_the_gate_adds_up() -> None:
    """A feature counts as often as it stands there; a text is shortened by its number of words."""
    matrix = counted_matrix(
        ["aab b", ""], lambda text: [ord(char) - 97 for char in text if char != " "], width=3
    )
    share = (2 * WORD_SHARE) ** -0.5
    assert matrix.toarray()[0].tolist() == pytest.approx([2 * share, 2 * share, 0])
    assert matrix.toarray()[1].tolist() == [0, 0, 0]
