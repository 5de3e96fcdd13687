"""NormalisedText in, first Scores out: a word-level linear model in plain Python.

Every known word and word pair adds its few weights; nothing here needs numpy or ONNX, so the gate
can live in the resident process. Never: a file (its bytes are handed in), a threshold, a decision.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, sqrt
from operator import add

from shared.taxonomy import Theme

MAGIC = b"LANTERN-GATE-1\n"
_EDGE = 1e-6


class GateError(ValueError):
    """Bytes that are not a gate."""


def gate_keys(normalised: str) -> list[str]:
    """The distinct words and pairs of neighbouring words, in order of appearance."""
    words = normalised.split()
    return list(dict.fromkeys([*words, *map(" ".join, pairwise(words))]))


@dataclass(frozen=True, slots=True)
class GateWeights:
    """The gate as it is shipped: rows of 8-bit weights, one column per theme."""

    themes: tuple[Theme, ...]
    rows: Mapping[str, int]
    """Where a word's or pair's weights begin in ``cells``."""
    cells: Sequence[int]
    scale: tuple[float, ...]
    """What one unit of a column's weights is worth."""
    bias: tuple[float, ...]
    slope: tuple[float, ...]
    """Calibration: probability = sigmoid(slope * raw + shift), per theme."""
    shift: tuple[float, ...]


class Gate:
    """Scores one passage in microseconds."""

    def __init__(self, weights: GateWeights) -> None:
        """Keep the weights; nothing is computed yet."""
        self._weights = weights

    def score(self, normalised: str) -> dict[Theme, float]:
        """The calibrated probability of every theme, 0 to 1."""
        weights = self._weights
        keys = gate_keys(normalised)
        sums = [0] * len(weights.themes)
        rows, cells, width = weights.rows, weights.cells, len(sums)
        for key in keys:
            at = rows.get(key)
            if at is not None:
                sums = list(map(add, sums, cells[at : at + width]))
        length = 1.0 / sqrt(len(keys)) if keys else 0.0
        return {
            theme: sigmoid(slope * (total * scale * length + bias) + shift)
            for theme, total, scale, bias, slope, shift in zip(
                weights.themes,
                sums,
                weights.scale,
                weights.bias,
                weights.slope,
                weights.shift,
                strict=True,
            )
        }


def sigmoid(value: float) -> float:
    """1 / (1 + e^-value) without overflow."""
    if value >= 0:
        return 1.0 / (1.0 + exp(-value))
    grown = exp(value)
    return grown / (1.0 + grown)


def logit(probability: float) -> float:
    """The inverse of sigmoid, held away from 0 and 1."""
    held = min(max(probability, _EDGE), 1.0 - _EDGE)
    return log(held / (1.0 - held))


def parse_gate(raw: bytes) -> GateWeights:
    """The gate in ``raw``: magic line, one line of JSON, the keys, then one signed byte per weight.

    Raises GateError when anything is missing or left over.
    """
    if not raw.startswith(MAGIC):
        raise GateError("not a gate file")
    try:
        head, rest = raw[len(MAGIC) :].split(b"\n", 1)
        header = json.loads(head)
        keys = rest[: header["key_bytes"]].decode().split("\n") if header["key_bytes"] else []
        body = rest[header["key_bytes"] :]
        themes = tuple(Theme(name) for name in header["themes"])
        width = len(themes)
        columns = {name: tuple(map(float, header[name])) for name in ("scale", "bias", "slope", "shift")}
    except (KeyError, TypeError, ValueError) as error:
        raise GateError(f"gate header: {type(error).__name__}") from error
    if len(body) != width * len(keys) or any(len(column) != width for column in columns.values()):
        raise GateError("gate file has the wrong length")
    rows = {key: at * width for at, key in enumerate(keys)}
    return GateWeights(themes, rows, memoryview(body).cast("b"), **columns)


def dump_gate(weights: GateWeights) -> bytes:
    """The bytes that parse_gate reads back."""
    keys = "\n".join(weights.rows).encode()
    header = {
        "themes": [theme.value for theme in weights.themes],
        "scale": weights.scale,
        "bias": weights.bias,
        "slope": weights.slope,
        "shift": weights.shift,
        "key_bytes": len(keys),
    }
    body = bytes(value & 0xFF for value in weights.cells)
    return MAGIC + json.dumps(header, sort_keys=True).encode() + b"\n" + keys + body
