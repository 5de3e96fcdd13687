"""Child of B5: an ordinary ONNX text classifier (character TF-IDF and logistic regression by skl2onnx) beside our gate.

``python -m bench.plain_classifier SITE_PACKAGES``: ``{"texts", "labels", "check_texts", "check_labels", "lines"}``
in (labels 1, 0, -1 for unknown, one column per theme); microseconds in both regimes and average precision out.
"""

import importlib
import json
import site
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import onnxruntime
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from agent.inspection.buffer import Focus, Passage
from agent.inspection.pipeline import Pipeline
from agent.upkeep.pack import load_pack
from models.measures import average_precision
from models.score import SHIPPED

_FEATURES, _ROUNDS, _SPACED, _GAP_S = 50_000, 4, 80, 0.05
Call = Callable[[str], object]


def classifier(question: dict[str, Any]) -> tuple[Call, list[float]]:
    """The peer, trained on the same rows as our gate; its call and its average precision per theme."""
    words = TfidfVectorizer(
        analyzer="char", ngram_range=(2, 5), max_features=_FEATURES, sublinear_tf=True, lowercase=False
    )
    features = words.fit_transform(question["texts"])
    check = words.transform(question["check_texts"]) if question["check_texts"] else None
    labels, truth = np.array(question["labels"]), np.array(question["check_labels"])
    joined = LogisticRegression()
    joined.classes_ = np.arange(labels.shape[1])
    weights, biases, precisions = [], [], []
    for column in range(labels.shape[1]):
        known = np.flatnonzero(labels[:, column] >= 0)
        one = LogisticRegression(C=4.0, solver="liblinear", dual=True, max_iter=40, tol=0.1, random_state=0)
        one.fit(features[known], labels[known, column])
        weights.append(one.coef_[0])
        biases.append(one.intercept_[0])
        if check is not None:
            told = np.flatnonzero(truth[:, column] >= 0)
            scores = np.asarray(one.decision_function(check[told]), dtype=np.float64)
            precisions.append(average_precision(truth[told, column] == 1, scores))
    joined.coef_, joined.intercept_ = np.array(weights), np.array(biases)
    joined.n_features_in_ = features.shape[1]
    skl2onnx = importlib.import_module("skl2onnx")
    kinds = importlib.import_module("skl2onnx.common.data_types")
    model = skl2onnx.convert_sklearn(
        make_pipeline(words, joined),
        initial_types=[("text", kinds.StringTensorType([None, 1]))],
        options={"zipmap": False},
    )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return lambda text: session.run(None, {"text": np.array([[text]], dtype=object)}), precisions


def gate(lines: Sequence[str]) -> Call:
    """Our whole resident path: what was typed to nothing or a flag, without a second look."""
    pipeline = Pipeline(load_pack(SHIPPED), None)
    focus, now = Focus("bench", "", "", False, 1), datetime(2026, 11, 16, tzinfo=UTC)
    passages = {line: Passage(line, "", focus, now, now) for line in lines}
    return lambda text: pipeline.inspect(passages[text], ())


def main() -> None:
    """Train the peer, then time both in turns, in a tight loop and at typing cadence."""
    site.addsitedir(sys.argv[1])
    question = json.load(sys.stdin)
    peer, precisions = classifier(question)
    lines: Sequence[str] = question["lines"]
    calls = {"ours": gate(lines), "peer": peer}
    tight: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(_ROUNDS):
        for name, call in calls.items():
            found = [_timed(call, line) for line in lines]
            if number:  # the first round fills everybody's caches
                tight[name] += found
    spaced: dict[str, list[float]] = {name: [] for name in calls}
    for line in lines[:_SPACED]:
        for name, call in calls.items():
            time.sleep(_GAP_S)
            spaced[name].append(_timed(call, line))
    answer = {
        "tight_us": {name: statistics.median(found) for name, found in tight.items()},
        "spaced_us": {name: statistics.median(found) for name, found in spaced.items()},
        "n": len(tight["ours"]),
        "peer_average_precision": precisions,
    }
    print(json.dumps(answer))


def _timed(call: Call, line: str) -> float:
    began = time.perf_counter_ns()
    call(line)
    return (time.perf_counter_ns() - began) / 1000


if __name__ == "__main__":
    main()
