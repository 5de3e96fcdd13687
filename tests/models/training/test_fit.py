"""The fit learns what is there, ignores what is unknown, and is calibrated."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from models.training.fit import Fold, Linear, fit, label_matrix, weights_of
from models.training.rows import THEMES, Row


def rows(count: int) -> list[Row]:
    """Every theme is present exactly when the first feature is; every third row says nothing of T04."""
    out = []
    for at in range(count):
        labels = dict.fromkeys(THEMES, at % 2)
        if at % 3 == 0:
            del labels["T04"]
        out.append(Row(f"{at}", labels, "s", False, False, is_written=at == 0))
    return out


def fold(count: int) -> Fold:
    """One telling feature, one constant, one that only the unknown rows have."""
    features = csr_matrix([[at % 2, 1.0, float(at % 3 == 0)] for at in range(count)])
    made = rows(count)
    return Fold(features, label_matrix(made), weights_of(made))


def fitted() -> Linear:
    """A small fit."""
    return fit(fold(240), fold(240), strength=4.0, say=lambda line: None)


def test_unknown_labels_are_marked_and_written_rows_weigh_more() -> None:
    """-1 where nothing is known; four for one of ours."""
    labels = label_matrix(rows(3))
    assert labels[0, THEMES.index("T04")] == -1
    assert labels[1, THEMES.index("T04")] == 1
    assert list(weights_of(rows(2))) == [4.0, 1.0]


def test_it_learns_the_telling_feature_and_not_the_masked_rows() -> None:
    """The feature that only masked rows have gets no weight for T04."""
    model = fitted()
    column = THEMES.index("T04")
    assert model.weights[0, column] > 1.0
    assert model.weights[2, column] == 0.0


def test_probabilities_are_calibrated() -> None:
    """Nearly certain where the data is, on both sides."""
    probabilities = fitted().probabilities(csr_matrix([[1.0, 1.0, 0.0], [0.0, 1.0, 0.0]]))
    assert (probabilities[0] > 0.95).all()
    assert (probabilities[1] < 0.05).all()


def test_a_theme_without_examples_is_refused() -> None:
    """Better no pack than one that learned nothing."""
    only_negative = fold(10)
    only_negative.labels[:, THEMES.index("T15")] = 0
    with pytest.raises(ValueError, match="T15"):
        fit(only_negative, fold(10), strength=4.0, say=lambda line: None)


def test_the_same_data_gives_the_same_model() -> None:
    """Deterministic to the last bit."""
    one, other = fitted(), fitted()
    assert np.array_equal(one.weights, other.weights)
    assert np.array_equal(one.slope, other.slope)
