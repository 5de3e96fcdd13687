"""Rows of length one, and a vocabulary that repeats."""

import pytest

from models.training.matrices import hashed_matrix, keyed_matrix, vocabulary_of


def test_hashed_rows_have_length_one() -> None:
    """Each of n features counts 1/sqrt(n)."""
    matrix = hashed_matrix(["ab", ""], lambda text: [ord(char) - 97 for char in text], width=4)
    assert matrix.shape == (2, 4)
    assert matrix.toarray()[0].tolist() == pytest.approx([2**-0.5, 2**-0.5, 0, 0])
    assert matrix.toarray()[1].tolist() == [0, 0, 0, 0]


def test_unknown_keys_still_lengthen_a_text() -> None:
    """The gate divides by all words, known or not; so does the matrix."""
    matrix = keyed_matrix(["a b c d"], str.split, {"a": 0, "d": 1})
    assert matrix.toarray()[0].tolist() == [0.5, 0.5]


def test_the_vocabulary_keeps_the_common_and_the_chosen() -> None:
    """Three sightings, or two and a text that insists."""
    texts = ["a a b", "a b c", "a b c", "d"]
    assert vocabulary_of(texts, str.split, least=[], most=9) == {"a": 0, "b": 1}
    assert vocabulary_of(texts, str.split, least=[1], most=9) == {"a": 0, "b": 1, "c": 2}
    assert vocabulary_of(texts, str.split, least=[], most=1) == {"a": 0}
