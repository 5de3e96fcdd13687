"""The ONNX classifier itself: checked before use, one thread, the same answer alone or in a batch."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agent.second_look.look import Classifier
from shared.taxonomy import Theme

SHIPPED = Path(__file__).parents[3] / "models" / "shipped"
TEXTS = [" my dad hits me ", " what is for lunch ", "  ", " i wish i was dead and nobody would care "]


def test_a_batch_says_what_each_alone_says() -> None:
    """Padding adds nothing; empty text is not an error."""
    classifier = Classifier(SHIPPED)
    together = classifier.score(TEXTS)
    for text, scores in zip(TEXTS, together, strict=True):
        alone = classifier.score([text])[0]
        assert scores == pytest.approx(alone, abs=1e-5)
        assert all(0.0 <= value <= 1.0 for value in scores.values())
    assert set(together[0]) <= {theme.value for theme in Theme}


def test_an_altered_model_is_refused(tmp_path: Path) -> None:
    """One byte is enough."""
    pack = tmp_path / "pack"
    shutil.copytree(SHIPPED, pack)
    model = pack / "classifier.onnx"
    raw = bytearray(model.read_bytes())
    raw[1000] ^= 1
    model.write_bytes(raw)
    with pytest.raises(ValueError, match=r"classifier\.onnx"):
        Classifier(pack)


def test_scores_do_not_depend_on_the_locale() -> None:
    """The graph holds no text operator; a bare C locale gives the very same numbers."""
    code = (
        "from pathlib import Path; from agent.second_look.look import Classifier;"
        f"print(Classifier(Path({str(SHIPPED)!r})).score([' my dad hits me '])[0]['T05'])"
    )
    outs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PATH": os.environ["PATH"], "LC_ALL": name},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for name in ("C", "en_US.UTF-8", "tr_TR.UTF-8")
    }
    assert len(outs) == 1


def test_the_process_ends_when_its_questions_end() -> None:
    """A dead agent leaves no orphan."""
    ran = subprocess.run(
        [sys.executable, "-m", "agent.second_look.look", str(SHIPPED)],
        input='{"id": 7, "text": " hello "}\n',
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert ran.stdout.startswith('{"id": 7, "scores": {"T01": ')
