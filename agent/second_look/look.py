"""The child process: loads the ONNX classifier, answers JSON lines, ends itself when nobody asks.

``python -m agent.second_look.look PACK_DIR``: one ``{"id", "text"}`` a line on stdin, one
``{"id", "scores"}`` a line on stdout. Never: a file written, a text kept or logged.
"""

import hashlib
import json
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from agent.second_look.features import BUCKETS, MAX_FEATURES, feature_numbers

IDLE_S = 60.0


class Classifier:
    """The shipped ONNX model. One thread: the default pool spins for tens of milliseconds a call."""

    def __init__(self, pack_dir: Path) -> None:
        """Check the model against the manifest, then open it. Raises ValueError if it was altered."""
        raw = (pack_dir / "classifier.onnx").read_bytes()
        manifest = json.loads((pack_dir / "manifest.json").read_bytes())
        if hashlib.sha256(raw).hexdigest() != manifest["files"]["classifier.onnx"]:
            raise ValueError("classifier.onnx is not the file that the manifest describes")
        # Windows builds report sessions to their maker unless told not to; decisions/0008.
        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(raw, options, providers=["CPUExecutionProvider"])
        self.themes: list[str] = self._session.get_modelmeta().custom_metadata_map["themes"].split(",")

    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """One probability per theme id for each normalised text."""
        numbers = [feature_numbers(text) for text in texts]
        width = min(max(map(len, numbers), default=0) or 1, MAX_FEATURES)
        padded = np.full((len(numbers), width), BUCKETS, dtype=np.int32)
        for row, found in zip(padded, numbers, strict=True):
            row[: len(found)] = found
        probabilities = self._session.run(None, {"features": padded})[0]
        return [dict(zip(self.themes, map(float, row), strict=True)) for row in probabilities]


class _Idleness:
    """Ends the process when nobody asked for a while, and with it all of the memory."""

    def __init__(self, idle_s: float) -> None:
        self._idle_s = idle_s
        self._timer = self._started()

    def _started(self) -> threading.Timer:
        timer = threading.Timer(self._idle_s, os._exit, (0,))
        timer.daemon = True
        timer.start()
        return timer

    def reset(self) -> None:
        self._timer.cancel()
        self._timer = self._started()


def main(pack_dir: Path, idle_s: float) -> None:
    """Answer until stdin ends or idleness does it."""
    classifier = Classifier(pack_dir)
    idleness = _Idleness(idle_s)
    for line in sys.stdin:
        idleness.reset()
        question = json.loads(line)
        answer = {"id": question["id"], "scores": classifier.score([question["text"]])[0]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else IDLE_S)
