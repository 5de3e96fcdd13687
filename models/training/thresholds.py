"""Thresholds per theme from benign text: how high a score must be before it costs a human's time.

All themes together may raise about ``budget`` false alarms per 10,000 benign passages; each theme
may use the same part of it, and what quiet themes leave over goes to the others.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from models.training.fit import Floats
from models.training.rows import THEMES

_ASK_SHARE = 0.03
"""Part of benign passages that may wake the second look."""
_WITH_TERM_SHARE = 0.004
_LOWEST_ALONE, _LOWEST_WITH_TERM, _LOWEST_ASK = 0.5, 0.15, 0.02
_LOWEST_THIN = 0.9
"""Where the public data hardly knows a theme, a score must be nearly certain to flag without a term."""
_OURS_SHARE = 0.002
_NEVER_ALONE = "T17"
_FINEST, _COARSEST, _STEPS = 1e-6, 1e-2, 60


@dataclass(frozen=True, slots=True)
class Scores:
    """Benign rows by themes: the public ones and our own harmless lines, gate alone and both looks."""

    gate: Floats
    both: Floats
    our_gate: Floats
    our_both: Floats


def fit_thresholds(benign: Scores, *, budget: float, thin: Collection[str]) -> dict[str, dict[str, float]]:
    """``{theme: {ask, gate, both, with_term}}`` as the manifest carries them; ``thin`` themes are held high."""
    columns = [column for column, theme in enumerate(THEMES) if theme != _NEVER_ALONE]
    share = budget / 10_000
    floor = np.array([_LOWEST_THIN if THEMES[column] in thin else _LOWEST_ALONE for column in columns])
    gate = np.maximum(within(benign.gate[:, columns], share, lowest=_LOWEST_ALONE), floor)
    both = np.maximum(within(benign.both[:, columns], share, lowest=_LOWEST_ALONE), floor)
    gate = np.maximum(gate, _per_column(benign.our_gate[:, columns], _OURS_SHARE, 0.0))
    both = np.maximum(both, _per_column(benign.our_both[:, columns], _OURS_SHARE, 0.0))
    ask = np.minimum(within(benign.gate[:, columns], _ASK_SHARE, lowest=_LOWEST_ASK), gate)
    out: dict[str, dict[str, float]] = {}
    for at, column in enumerate(columns):
        with_term = max(_above(benign.both[:, column], _WITH_TERM_SHARE), _LOWEST_WITH_TERM)
        limits = {"ask": ask[at], "gate": gate[at], "both": both[at], "with_term": min(with_term, both[at])}
        out[THEMES[column]] = {name: round(float(value), 6) for name, value in limits.items()}
    return out


def within(scores: Floats, share: float, *, lowest: float) -> Floats:
    """The lowest thresholds, one a column, that at most ``share`` of all rows reach anywhere.

    Every column gives up the same number of rows; ``lowest`` bounds each threshold from below.
    """
    best = _per_column(scores, 0.0, lowest)
    for part in np.geomspace(_FINEST, _COARSEST, _STEPS):
        limits = _per_column(scores, float(part), lowest)
        if (scores >= limits).any(axis=1).mean() > share:
            break
        best = limits
    return best


def _per_column(scores: Floats, share: float, lowest: float) -> Floats:
    return np.array([max(_above(column, share), lowest) for column in scores.T])


def _above(scores: Floats, share: float) -> float:
    """The lowest threshold that at most ``share`` of ``scores`` reach."""
    allowed = int(len(scores) * share)
    ordered = np.sort(scores)[::-1]
    return float(ordered[min(allowed, len(ordered) - 1)]) + 1e-6
