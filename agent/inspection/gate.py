"""NormalisedText in, first Scores out: an additive sub-word model in plain Python.

A word's weights are those of its letter groups, added up at first sight and remembered as one packed integer;
a passage is then one sum. No numpy, no ONNX, so the gate can live in the resident process. Never: a file (its
bytes are handed in), a threshold of its own, a decision.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, log, sqrt
from zlib import crc32

from shared.taxonomy import Theme

MAGIC = b"LANTERN-GATE-2\n"
GATE_BUCKETS = 1 << 16
_SHORTEST, _LONGEST, _MAX_WORD = 3, 5, 32
_REMEMBERED = 4096
_LANE = 32
_HALF = 1 << (_LANE - 1)
_FARTHEST = 1 << 29

_EDGE = 1e-6


class GateError(ValueError):
    """Bytes that are not a gate."""


def word_numbers(word: str, buckets: int = GATE_BUCKETS) -> list[int]:
    """The bucket of the word itself and of every group of its letters, repeats included."""
    padded = f" {word[:_MAX_WORD]} ".encode()
    size = len(padded)
    numbers = [crc32(b"w:" + padded) % buckets]
    for length in range(_SHORTEST, _LONGEST + 1):
        numbers += [crc32(padded[at : at + length]) % buckets for at in range(size - length + 1)]
    return numbers


def gate_numbers(normalised: str) -> list[int]:
    """Every bucket of a whole text, word by word, repeats included."""
    return [number for word in normalised.split() for number in word_numbers(word)]


@dataclass(frozen=True, slots=True)
class GateWeights:
    """The gate as it is shipped: a table of signed bytes, ``buckets`` rows of one column per theme."""

    themes: tuple[Theme, ...]
    buckets: int
    cells: bytes
    scale: tuple[float, ...]
    """What one unit of a column's weights is worth."""
    bias: tuple[float, ...]
    slope: tuple[float, ...]
    """Calibration: probability = sigmoid(slope * raw + shift), per theme."""
    shift: tuple[float, ...]


class _WordSums(dict[str, int]):
    """Word → its weights, one lane of an integer per theme; forgets everything when it holds too many."""

    def __init__(self, weights: GateWeights) -> None:
        super().__init__()
        self._weights = weights
        self._cells = memoryview(weights.cells).cast("b")

    def __missing__(self, word: str) -> int:
        width, cells = len(self._weights.themes), self._cells
        starts = [number * width for number in word_numbers(word, self._weights.buckets)]
        columns = zip(*(cells[start : start + width] for start in starts), strict=True)
        packed: int = sum(sum(column) << (_LANE * at) for at, column in enumerate(columns))
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = packed
        return packed


class Gate:
    """Scores one passage in microseconds."""

    def __init__(self, weights: GateWeights, asks: Mapping[Theme, float] | None = None) -> None:
        """Keep the weights. ``asks`` are the probabilities from which ``is_quiet`` says no."""
        self._weights = weights
        self._sums = _WordSums(weights)
        width = len(weights.themes)
        self._offset = sum(_HALF << (_LANE * at) for at in range(width))
        self._limits = [
            _raw_limit(weights, at, (asks or {}).get(theme)) for at, theme in enumerate(weights.themes)
        ]
        self._floors: dict[int, int] = {}

    def score(self, normalised: str) -> dict[Theme, float]:
        """The calibrated probability of every theme, 0 to 1."""
        weights = self._weights
        words = normalised.split()
        packed = sum(map(self._sums.__getitem__, words)) + self._offset
        length = 1.0 / sqrt(len(words)) if words else 0.0
        scores = {}
        for at, theme in enumerate(weights.themes):
            total = ((packed >> (_LANE * at)) & (2 * _HALF - 1)) - _HALF
            raw = total * weights.scale[at] * length + weights.bias[at]
            scores[theme] = sigmoid(weights.slope[at] * raw + weights.shift[at])
        return scores

    def is_quiet(self, words: Sequence[str]) -> bool:
        """Whether no theme with an ask limit reaches it: one sum and one mask, no probabilities."""
        count = len(words)
        floor = self._floors.get(count)
        if floor is None:
            floor = self._floors[count] = self._floor(count)
        return not (sum(map(self._sums.__getitem__, words)) + floor) & self._offset

    def _floor(self, count: int) -> int:
        """Added to a sum, it lifts the top bit of every lane that reaches its limit."""
        root = sqrt(count)
        lanes = [_HALF - min(ceil(limit * root), _FARTHEST) for limit in self._limits]
        if not count:
            lanes = [_HALF - 1 if limit > 0 else _HALF for limit in self._limits]
        return sum(lane << (_LANE * at) for at, lane in enumerate(lanes))


def _raw_limit(weights: GateWeights, at: int, ask: float | None) -> float:
    """The sum over the root of the number of words from which a theme's probability reaches ``ask``."""
    if ask is None:
        return float(_FARTHEST)
    raw = (logit(ask) - weights.shift[at]) / weights.slope[at] - weights.bias[at]
    return raw / weights.scale[at]


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
    """The gate in ``raw``: magic line, one line of JSON, then one signed byte per weight.

    Raises GateError when anything is missing or left over.
    """
    if not raw.startswith(MAGIC):
        raise GateError("not a gate file")
    try:
        head, cells = raw[len(MAGIC) :].split(b"\n", 1)
        header = json.loads(head)
        themes = tuple(Theme(name) for name in header["themes"])
        buckets = int(header["buckets"])
        columns = {name: tuple(map(float, header[name])) for name in ("scale", "bias", "slope", "shift")}
    except (KeyError, TypeError, ValueError) as error:
        raise GateError(f"gate header: {type(error).__name__}") from error
    if len(cells) != len(themes) * buckets or any(len(column) != len(themes) for column in columns.values()):
        raise GateError("gate file has the wrong length")
    if not all(value > 0 for name in ("scale", "slope") for value in columns[name]):
        raise GateError("gate scales must be positive")
    return GateWeights(themes, buckets, cells, **columns)


def dump_gate(weights: GateWeights) -> bytes:
    """The bytes that parse_gate reads back."""
    header = {
        "themes": [theme.value for theme in weights.themes],
        "buckets": weights.buckets,
        "scale": weights.scale,
        "bias": weights.bias,
        "slope": weights.slope,
        "shift": weights.shift,
    }
    return MAGIC + json.dumps(header, sort_keys=True).encode() + b"\n" + weights.cells
