"""Average precision and intervals against values worked out by hand."""

import numpy as np
import pytest

from models.measures import average_precision, bootstrap, wilson


def test_average_precision_by_hand() -> None:
    """Hits at ranks 1 and 3: (1/1 + 2/3) / 2."""
    truth = np.array([True, False, True, False])
    assert average_precision(truth, np.array([0.9, 0.8, 0.7, 0.1])) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(truth, np.array([0.9, 0.1, 0.8, 0.2])) == 1.0
    assert average_precision(np.array([False, False]), np.array([0.5, 0.4])) == 0.0


def test_wilson_holds_its_share_and_its_bounds() -> None:
    """The textbook value for 5 of 50, and sane ends."""
    low, high = wilson(5, 50)
    assert (round(low, 4), round(high, 4)) == (0.0435, 0.2136)
    assert wilson(0, 100)[0] == 0.0
    assert wilson(0, 100)[1] == pytest.approx(0.037, abs=0.001)
    assert wilson(0, 0) == (0.0, 1.0)


def test_bootstrap_is_repeatable_and_surrounds_the_value() -> None:
    """The same seed, the same interval."""
    truth = np.array([True, False] * 50)
    scores = np.linspace(1, 0, 100)
    first = bootstrap(truth, scores, average_precision, rounds=50, seed=1)
    assert first == bootstrap(truth, scores, average_precision, rounds=50, seed=1)
    assert first[0] <= average_precision(truth, scores) <= first[1]
