"""The exported graph computes what the fitted weights say, within the rounding of 8 bits."""

import numpy as np
import onnxruntime
import pytest

from models.training.export import onnx_bytes, quantised
from models.training.fit import Linear
from models.training.rows import THEMES


def linear(buckets: int) -> Linear:
    """Random but fixed weights."""
    random = np.random.default_rng(1)
    width = len(THEMES)
    return Linear(
        random.normal(size=(buckets, width)),
        random.normal(size=width),
        np.full(width, 1.5),
        np.full(width, -0.5),
    )


def test_quantising_keeps_the_largest_weight_exactly() -> None:
    """127 steps a side."""
    cells, scale = quantised(np.array([[1.0, -4.0], [0.5, 0.0]]))
    assert cells.tolist() == [[127, -127], [64, 0]]
    assert (cells * scale)[0].tolist() == pytest.approx([1.0, -4.0])


def test_the_graph_agrees_with_the_weights_and_padding_adds_nothing() -> None:
    """Two passages of different length in one padded batch."""
    model = linear(50)
    session = onnxruntime.InferenceSession(onnx_bytes(model), providers=["CPUExecutionProvider"])
    assert session.get_modelmeta().custom_metadata_map["themes"] == ",".join(THEMES)
    batch = np.array([[3, 7, 50, 50], [1, 2, 3, 4]], dtype=np.int32)
    got = session.run(None, {"features": batch})[0]
    for row, numbers in zip(got, ([3, 7], [1, 2, 3, 4]), strict=True):
        raw = model.weights[numbers].sum(axis=0) / np.sqrt(len(numbers)) + model.bias
        assert row == pytest.approx(1 / (1 + np.exp(-(1.5 * raw - 0.5))), abs=0.02)


def test_the_same_weights_give_the_same_bytes() -> None:
    """So that a rebuild can be compared by checksum."""
    assert onnx_bytes(linear(20)) == onnx_bytes(linear(20))
