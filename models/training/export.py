"""Fitted weights to files: an ONNX graph of five plain operators, and 8-bit columns for the gate.

No text operators in the graph: they need a locale that student machines may lack (HOTPATH.md §0).
"""

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

from models.training.fit import Floats, Linear
from models.training.rows import THEMES

_OPSET = 17
_IR_VERSION = 9


def quantised(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Signed bytes and what one unit of each column is worth."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127.0
    return np.clip(np.rint(weights / scale), -127, 127).astype(np.int8), scale


def onnx_bytes(model: Linear) -> bytes:
    """``features`` int32 [n, m], padded with the row count, to calibrated ``probabilities`` [n, themes]."""
    cells, scale = quantised(model.weights)
    buckets = cells.shape[0]
    padded = np.vstack([cells, np.zeros((1, cells.shape[1]), dtype=np.int8)])
    shift = model.slope * model.bias + model.shift
    constants = {
        "weights": padded,
        "worth": (scale * model.slope).astype(np.float32),
        "shift": shift.astype(np.float32),
        "padding": np.array(buckets, dtype=np.int32),
        "one": np.array(1.0, dtype=np.float32),
        "axis": np.array([1], dtype=np.int64),
    }
    nodes = [
        helper.make_node("Gather", ["weights", "features"], ["rows8"], axis=0),
        helper.make_node("Cast", ["rows8"], ["rows"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["rows", "axis"], ["sums"], keepdims=0),
        helper.make_node("Less", ["features", "padding"], ["present"]),
        helper.make_node("Cast", ["present"], ["counted"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["counted", "axis"], ["count"], keepdims=1),
        helper.make_node("Max", ["count", "one"], ["held"]),
        helper.make_node("Sqrt", ["held"], ["length"]),
        helper.make_node("Div", ["sums", "length"], ["shortened"]),
        helper.make_node("Mul", ["shortened", "worth"], ["scaled"]),
        helper.make_node("Add", ["scaled", "shift"], ["logits"]),
        helper.make_node("Sigmoid", ["logits"], ["probabilities"]),
    ]
    graph = helper.make_graph(
        nodes,
        "second-look",
        [helper.make_tensor_value_info("features", TensorProto.INT32, ["n", "m"])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", len(THEMES)])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    built: ModelProto = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION
    )
    helper.set_model_props(built, {"themes": ",".join(THEMES)})
    checker.check_model(built)
    return bytes(built.SerializeToString(deterministic=True))
