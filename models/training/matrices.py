"""Texts to sparse matrices, for the hashed classifier and for the gate's vocabulary.

Every row has length one in the sense of both models: each present feature counts 1/sqrt(features).
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from scipy.sparse import csr_matrix


def hashed_matrix(texts: Sequence[str], numbers_of: Callable[[str], list[int]], *, width: int) -> csr_matrix:
    """One row per text; columns are feature numbers below ``width``."""
    return _matrix([numbers_of(text) for text in texts], None, width)


def keyed_matrix(
    texts: Sequence[str], keys_of: Callable[[str], list[str]], vocabulary: dict[str, int]
) -> csr_matrix:
    """One row per text; keys outside the vocabulary count for the length only."""
    found = [keys_of(text) for text in texts]
    rows = [[vocabulary[key] for key in keys if key in vocabulary] for keys in found]
    return _matrix(rows, [len(keys) for keys in found], len(vocabulary))


def vocabulary_of(
    texts: Sequence[str], keys_of: Callable[[str], list[str]], *, least: Sequence[int], most: int
) -> dict[str, int]:
    """The ``most`` commonest keys seen at least twice; ``least`` are text numbers whose keys all stay."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(keys_of(text))
    kept = {key: None for at in least for key in keys_of(texts[at]) if counts[key] > 1}
    for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if len(kept) >= most or count < 3:
            break
        kept[key] = None
    return {key: at for at, key in enumerate(sorted(kept))}


def _matrix(rows: Sequence[Sequence[int]], lengths: Sequence[int] | None, width: int) -> csr_matrix:
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    starts[1:] = np.cumsum([len(row) for row in rows])
    columns = np.fromiter((number for row in rows for number in row), dtype=np.int32, count=int(starts[-1]))
    full = [len(row) for row in rows] if lengths is None else lengths
    worth = 1.0 / np.sqrt(np.maximum(np.array(full, dtype=np.float64), 1.0))
    values = np.repeat(worth, np.diff(starts))
    return csr_matrix((values, columns, starts), shape=(len(rows), width))
