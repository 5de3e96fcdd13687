"""``python -m models.score``: JSON lines in, the shipped pack's decisions out.

``{"text": …, "context": [..]?}`` on stdin becomes ``{"themes", "level", "flag", "reasons"}`` on stdout.
The same pipeline decides as on a device; only the second look runs in this process, in batches.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from agent.inspection.pipeline import Draft, Pipeline, theme_scores
from agent.inspection.policy import Flag
from agent.second_look.look import Classifier
from agent.upkeep.pack import load_pack
from shared.taxonomy import Theme

SHIPPED = Path(__file__).parent / "shipped"
_CHUNK, _BATCH = 2048, 256


@dataclass(frozen=True, slots=True)
class Question:
    """One passage and what was typed before it."""

    text: str
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What the pack says about one passage."""

    flag: Flag | None
    scores: Mapping[Theme, float]

    @property
    def themes(self) -> frozenset[Theme]:
        """Every theme that the flag gives a reason for."""
        if self.flag is None:
            return frozenset()
        named = [reason.split(":", 1)[1].split(".", 1)[0] for reason in self.flag.reasons if ":T" in reason]
        return frozenset({self.flag.theme, *map(Theme, named)})


class Scorer:
    """The shipped pack, opened once."""

    def __init__(self, pack_dir: Path = SHIPPED) -> None:
        """Load and check the pack. Raises PackError or ValueError when it was altered."""
        self._pipeline = Pipeline(load_pack(pack_dir), None)
        self._classifier = Classifier(pack_dir)

    def decide(self, questions: Iterable[Question]) -> Iterator[Decision]:
        """One Decision per Question, in order."""
        stream = iter(questions)
        while chunk := list(islice(stream, _CHUNK)):
            drafts = [self._pipeline.draft(one.text, one.context) for one in chunk]
            answers = self._second_looks(drafts)
            for at, draft in enumerate(drafts):
                second = answers.get(at)
                yield Decision(self._pipeline.decide(draft, second), theme_scores(draft, second))

    def _second_looks(self, drafts: Sequence[Draft]) -> dict[int, dict[str, float]]:
        """Answers by position, asked shortest first so that a batch needs little padding."""
        unsure = sorted(
            (at for at, draft in enumerate(drafts) if draft.is_unsure), key=lambda at: len(drafts[at].scored)
        )
        answers: dict[int, dict[str, float]] = {}
        for start in range(0, len(unsure), _BATCH):
            batch = unsure[start : start + _BATCH]
            answers.update(
                zip(batch, self._classifier.score([drafts[at].scored for at in batch]), strict=True)
            )
        return answers


def as_line(decision: Decision) -> str:
    """One line of JSON, keys in a fixed order."""
    flag = decision.flag
    return json.dumps(
        {
            "themes": {theme.value: round(score, 5) for theme, score in sorted(decision.scores.items())},
            "level": 1 if flag is None else int(flag.severity),
            "flag": flag is not None,
            "reasons": [] if flag is None else list(flag.reasons),
        }
    )


def _questions(lines: Iterable[str]) -> Iterator[Question]:
    for line in lines:
        if line.strip():
            body = json.loads(line)
            yield Question(str(body["text"]), tuple(map(str, body.get("context") or ())))


def main() -> None:
    """Answer stdin on stdout."""
    for decision in Scorer().decide(_questions(sys.stdin)):
        sys.stdout.write(as_line(decision) + "\n")


if __name__ == "__main__":
    main()
