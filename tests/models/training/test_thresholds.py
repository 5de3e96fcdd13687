"""Thresholds keep all themes together within the budget, and never below their floors."""

import numpy as np

from models.training.rows import THEMES
from models.training.thresholds import Scores, fit_thresholds, within


def test_all_columns_together_keep_to_the_share() -> None:
    """At most one row in a hundred reaches anything, and the share is used."""
    scores = np.random.default_rng(2).random((10_000, 4))
    limits = within(scores, 0.01, lowest=0.0)
    reached = (scores >= limits).any(axis=1).mean()
    assert 0.007 < reached <= 0.01


def test_no_threshold_falls_below_its_floor() -> None:
    """Quiet scores do not make an eager theme."""
    assert (within(np.zeros((100, 3)) + 0.01, 0.5, lowest=0.4) == 0.4).all()


def test_every_theme_but_profanity_gets_ordered_limits() -> None:
    """Asking comes before flagging; a term lowers the bar."""
    random = np.random.default_rng(3)
    scores = random.beta(0.2, 6, size=(20_000, len(THEMES)))
    limits = fit_thresholds(Scores(scores, scores, scores[:9], scores[:9]), budget=5, thin={"T08"})
    assert set(limits) == set(THEMES) - {"T17"}
    assert limits["T08"]["both"] >= 0.9
    for one in limits.values():
        assert one["ask"] <= one["gate"]
        assert one["with_term"] <= one["both"]
    kept = [column for column, theme in enumerate(THEMES) if theme != "T17"]
    both = np.array([limits[THEMES[column]]["both"] for column in kept])
    assert (scores[:, kept] >= both).any(axis=1).mean() <= 5 / 10_000
