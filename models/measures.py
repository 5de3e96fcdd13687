"""The few numbers that a detector is judged by, with their uncertainty. Pure numpy."""

from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Truth = NDArray[np.bool_]
Scores = NDArray[np.float64]
_Z95 = 1.959964


def average_precision(truth: Truth, scores: Scores) -> float:
    """Area under precision and recall as the mean precision at each positive; 0 without positives."""
    order = np.argsort(-scores, kind="stable")
    hits = truth[order]
    if not hits.any():
        return 0.0
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); 0 to 1 when nothing was tried."""
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    middle = share + _Z95**2 / (2 * trials)
    spread = _Z95 * sqrt(share * (1 - share) / trials + _Z95**2 / (4 * trials**2))
    scale = 1 + _Z95**2 / trials
    return max((middle - spread) / scale, 0.0), min((middle + spread) / scale, 1.0)


def bootstrap(
    truth: Truth, scores: Scores, measure: Callable[[Truth, Scores], float], *, rounds: int, seed: int
) -> tuple[float, float]:
    """The 95 % interval of ``measure`` over resampled rows."""
    random = np.random.default_rng(seed)
    values = []
    for _ in range(rounds):
        rows = random.integers(0, len(truth), len(truth))
        values.append(measure(truth[rows], scores[rows]))
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
