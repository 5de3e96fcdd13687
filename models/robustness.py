"""How well disguised phrases are still found, disguise by disguise, and what the search costs.

Comes in: a pack's Pipeline and its written lexicon. Goes out: recall per disguise, clean lines newly hit, and
microseconds of normaliser and matcher together. Used by ``python -m models.evaluate --robustness`` and the bench.
"""

import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from agent.inspection.lexicon import Lexicon, parse_lexicon
from agent.inspection.matcher import Found, Matcher, Phrases
from agent.inspection.normaliser import normalise
from agent.inspection.pipeline import Pipeline
from models.disguises import Disguise

_CORPUS = Path(__file__).parent / "corpus"
_CARRIERS = (("", ""), ("", ""), ("can i tell you something ", ""), ("", " and i dont know what to do"))
_MIN_LETTERS, _MIN_WORDS = 8, 2


@dataclass(frozen=True, slots=True)
class Planted:
    """A phrase that its Term finds when it is typed plainly, with words around it."""

    before: str
    phrase: str
    after: str
    term: str

    def disguised(self, disguise: Disguise, random: Random) -> str:
        """Only the phrase is disguised; the words around it are typed as always."""
        return self.before + disguise(self.phrase, random) + self.after


def planted(lexicon: Lexicon, pipeline: Pipeline, *, count: int, seed: int) -> list[Planted]:
    """``count`` phrases over all Terms alike, each of which is found when typed plainly."""
    random = Random(seed)  # noqa: S311 - a reproducible sample, not a secret
    by_term = {
        entry.term.id: [
            phrase
            for phrase in entry.phrases
            if len(phrase.replace(" ", "")) >= _MIN_LETTERS and len(phrase.split()) >= _MIN_WORDS
        ]
        for entry in lexicon.entries
    }
    terms = [term for term, phrases in by_term.items() if phrases]
    out: list[Planted] = []
    for attempt in range(count * 4):
        term = terms[attempt % len(terms)]
        before, after = random.choice(_CARRIERS)
        one = Planted(before, random.choice(by_term[term]), after, term)
        if term in _terms(pipeline.search(one.before + one.phrase + one.after)[1]):
            out.append(one)
        if len(out) == count:
            break
    return out


def _terms(found: Found) -> set[str]:
    return {match.term.id for match in found.matches}


def recall(
    pipeline: Pipeline, samples: Sequence[Planted], families: Mapping[str, Disguise], *, seed: int
) -> dict[str, float]:
    """Part of the samples whose Term is still found, per disguise."""
    out = {}
    for name, disguise in families.items():
        random = Random(f"{seed} {name}")  # noqa: S311 - the same disguises every time
        texts = [(sample, sample.disguised(disguise, random)) for sample in samples]
        hits = sum(sample.term in _terms(pipeline.search(text)[1]) for sample, text in texts)
        out[name] = hits / len(texts)
    return out


def clean_lines() -> list[str]:
    """Ordinary lines of school and home that hide nothing."""
    names = ("ordinary_school.txt", "ordinary_home.txt")
    return [line for name in names for line in (_CORPUS / name).read_text(encoding="utf-8").splitlines()]


def newly_hit(pipeline: Pipeline, phrases: Phrases, lines: Iterable[str]) -> int:
    """How many lines say something only because of an unmasking: a plain fold finds fewer Terms in them."""
    plain = Matcher(phrases)
    return sum(
        not _terms(pipeline.search(line)[1]) <= _terms(plain.find(normalise(line.casefold())))
        for line in lines
    )


def falsely_folded(pipeline: Pipeline, lines: Iterable[str]) -> int:
    """How many lines come out of the search with other words than a plain fold gives."""
    return sum(list(pipeline.search(line)[0].words) != list(normalise(line).words) for line in lines)


def microseconds(pipeline: Pipeline, lines: Sequence[str], *, rounds: int) -> dict[str, float]:
    """One search: median and slowest hundredth by the clock, mean by the CPU time of all rounds."""
    spent = []
    cpu = time.thread_time_ns()
    for _ in range(rounds):
        for line in lines:
            began = time.perf_counter_ns()
            pipeline.search(line)
            spent.append((time.perf_counter_ns() - began) / 1000)
    cpu = time.thread_time_ns() - cpu
    spent.sort()
    return {
        "p50": statistics.median(spent),
        "mean": cpu / 1000 / len(spent),
        "p99": spent[int(len(spent) * 0.99)],
    }


def written_lexicon(pack_dir: Path) -> Lexicon:
    """The pack's lexicon as people wrote it, phrases and all."""
    return parse_lexicon((pack_dir / "lexicon.toml").read_text(encoding="utf-8"))
