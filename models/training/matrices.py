"""Texts to sparse matrices, for the hashed classifier and for the additive gate."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

WORD_SHARE = 24
"""About how many letter groups a word has."""


def hashed_matrix(texts: Sequence[str], numbers_of: Callable[[str], list[int]], *, width: int) -> csr_matrix:
    """One row per text; columns are feature numbers below ``width``, each worth 1/sqrt(features)."""
    return _matrix([numbers_of(text) for text in texts], None, width)


def counted_matrix(texts: Sequence[str], numbers_of: Callable[[str], list[int]], *, width: int) -> csr_matrix:
    """One row per text; a feature counts as often as it stands there, over the root of the number of words.

    ``WORD_SHARE`` features a word keep a row's length near one.
    """
    rows = [numbers_of(text) for text in texts]
    matrix = _matrix(rows, [WORD_SHARE * len(text.split()) for text in texts], width)
    matrix.sum_duplicates()
    return matrix


def rarity(matrix: csr_matrix, power: float) -> NDArray[np.float64]:
    """How much more a rare column should count: inverse document frequency, rows kept near length one.

    Weights fitted on the scaled columns are multiplied by the same numbers, so that running them costs nothing.
    """
    rows, columns = matrix.shape
    seen = np.bincount(matrix.indices, minlength=columns)
    worth = (1.0 + np.log((1 + rows) / (1 + seen))) ** power
    squares = np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel()
    return np.asarray(worth / np.sqrt((squares * worth * worth).sum() / rows))


def _matrix(rows: Sequence[Sequence[int]], lengths: Sequence[int] | None, width: int) -> csr_matrix:
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    starts[1:] = np.cumsum([len(row) for row in rows])
    columns = np.fromiter((number for row in rows for number in row), dtype=np.int32, count=int(starts[-1]))
    full = [len(row) for row in rows] if lengths is None else lengths
    worth = 1.0 / np.sqrt(np.maximum(np.array(full, dtype=np.float64), 1.0))
    values = np.repeat(worth, np.diff(starts))
    return csr_matrix((values, columns, starts), shape=(len(rows), width))
