"""One logistic regression per theme on masked labels, calibrated; shared by classifier and gate.

Comes in: a sparse matrix of features and a label matrix (1, 0, -1 for unknown). Goes out: weights,
a bias and Platt's two numbers per theme. Deterministic for a seed; one core.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from models.training.rows import THEMES, Row

Floats = NDArray[np.float64]
Labels = NDArray[np.int8]
_UNKNOWN = -1
_THIN = 60
"""With fewer validation positives than this, calibration uses out-of-fold training scores as well."""
_FOLDS = 3
_WRITTEN_WEIGHT = 4.0
_LEAST_POSITIVE_SHARE = 0.08


@dataclass(frozen=True, slots=True)
class Linear:
    """probability = sigmoid(slope * (x @ weights + bias) + shift), one column per theme."""

    weights: Floats
    bias: Floats
    slope: Floats
    shift: Floats

    def raw(self, features: csr_matrix) -> Floats:
        """Uncalibrated scores."""
        return np.asarray(features @ self.weights + self.bias, dtype=np.float64)

    def probabilities(self, features: csr_matrix) -> Floats:
        """Calibrated probabilities."""
        return np.asarray(1.0 / (1.0 + np.exp(-(self.raw(features) * self.slope + self.shift))))


def label_matrix(rows: Sequence[Row]) -> Labels:
    """Rows by themes: 1, 0, or -1 where nothing is known."""
    labels = np.full((len(rows), len(THEMES)), _UNKNOWN, dtype=np.int8)
    for at, row in enumerate(rows):
        for theme, value in row.labels.items():
            labels[at, THEMES.index(theme)] = value
    return labels


def weights_of(rows: Sequence[Row]) -> Floats:
    """Our written rows are few and on target, so each counts for more."""
    return np.array([_WRITTEN_WEIGHT if row.is_written else 1.0 for row in rows])


@dataclass(frozen=True, slots=True)
class Fold:
    """Features, labels and row weights that belong together."""

    features: csr_matrix
    labels: Labels
    weights: Floats

    def known(self, column: int) -> "Fold":
        """Only the rows that say something about one theme."""
        keep = np.flatnonzero(self.labels[:, column] != _UNKNOWN)
        return self.at(keep)

    def at(self, rows: NDArray[np.intp]) -> "Fold":
        """Only these rows."""
        return Fold(self.features[rows], self.labels[rows], self.weights[rows])


def fit(train: Fold, validation: Fold, *, strength: float, say: Callable[[str], None]) -> Linear:
    """All themes, one after the other. ``strength`` is the inverse of regularisation.

    Raises ValueError for a theme without positive or without negative examples.
    """
    width = len(THEMES)
    out = Linear(np.zeros((train.features.shape[1], width)), np.zeros(width), np.ones(width), np.zeros(width))
    for column, theme in enumerate(THEMES):
        known, check = train.known(column), validation.known(column)
        target, truth = known.labels[:, column], check.labels[:, column]
        if len(set(target.tolist())) < 2:
            raise ValueError(f"theme {theme} needs examples of both kinds")
        coefficients, bias = _regress(known.features, target, known.weights, strength)
        out.weights[:, column], out.bias[column] = coefficients, bias
        raw = check.features @ coefficients + bias
        if int((truth == 1).sum()) < _THIN:
            folded = _out_of_fold(known, target, strength)
            raw, truth = np.concatenate([raw, folded]), np.concatenate([truth, target])
        out.slope[column], out.shift[column] = _platt(raw, truth)
        say(f"  {theme}: {int((target == 1).sum())} positives of {len(target)} rows")
    return out


def _regress(
    features: csr_matrix, target: NDArray[np.int8], weights: Floats, strength: float
) -> tuple[Floats, float]:
    positive = target == 1
    share = weights[positive].sum() / max(weights.sum(), 1.0)
    lift = min(max(_LEAST_POSITIVE_SHARE / max(share, 1e-9), 1.0), 20.0)
    model = LogisticRegression(
        C=strength, solver="liblinear", dual=True, max_iter=40, tol=0.1, random_state=0
    )
    with catch_warnings():  # forty rounds are enough on purpose: more change no ranking and take minutes
        simplefilter("ignore", ConvergenceWarning)
        model.fit(features, positive, sample_weight=np.where(positive, weights * lift, weights))
    return np.asarray(model.coef_[0]), float(model.intercept_[0])


def _out_of_fold(known: Fold, target: NDArray[np.int8], strength: float) -> Floats:
    raw = np.zeros(len(target))
    part = np.arange(len(target)) % _FOLDS
    for fold in range(_FOLDS):
        inside, outside = np.flatnonzero(part != fold), np.flatnonzero(part == fold)
        coefficients, bias = _regress(known.features[inside], target[inside], known.weights[inside], strength)
        raw[outside] = known.features[outside] @ coefficients + bias
    return raw


def _platt(raw: Floats, truth: NDArray[np.int8]) -> tuple[float, float]:
    model = LogisticRegression(C=1e3, solver="lbfgs", max_iter=200)
    model.fit(raw.reshape(-1, 1), truth == 1)
    return max(float(model.coef_[0][0]), 1e-3), float(model.intercept_[0])
