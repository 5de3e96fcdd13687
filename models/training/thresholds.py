"""Thresholds per theme from benign text: how high a score must be before it costs a human's time.

All themes together may raise about ``budget`` false alarms per 10,000 benign passages; each theme
gets an equal part of that. Fitted on calibration rows only.
"""

from dataclasses import dataclass

import numpy as np

from models.training.fit import Floats
from models.training.rows import THEMES

_ASK_SHARE = 0.02
"""Part of benign passages that may wake the second look."""
_WITH_TERM_SHARE = 0.004
_LOWEST_ALONE, _LOWEST_WITH_TERM, _LOWEST_ASK = 0.5, 0.15, 0.02
_NEVER_ALONE = "T17"


@dataclass(frozen=True, slots=True)
class Scores:
    """Benign rows by themes."""

    gate: Floats
    both: Floats


def fit_thresholds(benign: Scores, *, budget: float) -> dict[str, dict[str, float]]:
    """``{theme: {ask, gate, both, with_term}}`` as the manifest carries them."""
    part = budget / 10_000 / (len(THEMES) - 1)
    out: dict[str, dict[str, float]] = {}
    for column, theme in enumerate(THEMES):
        if theme == _NEVER_ALONE:
            continue
        gate, both = benign.gate[:, column], benign.both[:, column]
        limits = {
            "ask": max(_above(gate, _ASK_SHARE / (len(THEMES) - 1)), _LOWEST_ASK),
            "gate": max(_above(gate, part), _LOWEST_ALONE),
            "both": max(_above(both, part), _LOWEST_ALONE),
            "with_term": max(_above(both, _WITH_TERM_SHARE), _LOWEST_WITH_TERM),
        }
        limits["ask"] = min(limits["ask"], limits["gate"])
        out[theme] = {name: round(value, 6) for name, value in limits.items()}
    return out


def _above(scores: Floats, share: float) -> float:
    """The lowest threshold that at most ``share`` of ``scores`` reach."""
    allowed = int(len(scores) * share)
    ordered = np.sort(scores)[::-1]
    return float(np.nextafter(ordered[min(allowed, len(ordered) - 1)], 2.0)) + 1e-6
