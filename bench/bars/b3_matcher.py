"""B3: the matcher at 20,000 phrases with word boundaries beside hyperscan, pyahocorasick and flashtext.

Phrases: those of the shipped Terms and rare word groups of passages of our patterns. Lines: ordinary ones of school
and home and other passages, folded beforehand for everybody. All engines run in one child, round by round.
"""

from collections import Counter
from collections.abc import Sequence
from zlib import crc32

from agent.inspection.normaliser import normalise
from bench.bar import Bar, Condition, Measurement
from bench.peers import run_beside
from models.corpus.expand import PATTERNS, expand
from models.robustness import clean_lines, written_lexicon
from models.score import SHIPPED

TERMS = 20_000
ROUNDS = 5
SEED, PER_PATTERN = 7, 6


def measure() -> Measurement:
    """One child, all engines."""
    passages = [normalise(one.text) for one in expand(PATTERNS, SEED, PER_PATTERN)]
    kept = [normalise(line).text.strip() for line in clean_lines()[::2]]
    kept += [one.text.strip() for one in passages[::2]][: len(kept)]
    phrases = _phrases([one.words for one in passages[1::2]])
    question = {"phrases": phrases, "lines": kept, "rounds": ROUNDS}
    answer = run_beside("bench.engines", question, limit_s=600)
    p50 = answer["p50_us"]
    return Measurement(
        value=round(p50["ours"] / p50["hyperscan"], 3),
        n=len(kept) * ROUNDS,
        peer={f"{name} p50 us": round(value, 2) for name, value in p50.items() if name != "ours"},
        conditions=(
            Condition(
                "times faster than pyahocorasick", round(p50["pyahocorasick"] / p50["ours"], 2), 2, False
            ),
            Condition("times faster than flashtext", round(p50["flashtext"] / p50["ours"], 2), 8, False),
            Condition("lines on which an engine of the same kind disagrees", answer["disagreements"], 0),
        ),
        details={"ours_p50_us": round(p50["ours"], 2), "phrases": TERMS, **answer},
    )


def _phrases(passages: Sequence[Sequence[str]]) -> list[str]:
    """The phrases of all Terms, then groups of two to four words of our own passages, the rare ones first."""
    out = {phrase: None for entry in written_lexicon(SHIPPED).entries for phrase in entry.phrases}
    groups = Counter(
        " ".join(words[at : at + length])
        for words in passages
        for length in (2, 3, 4)
        for at in range(len(words) - length + 1)
    )
    for group, _ in sorted(groups.items(), key=lambda item: (item[1], crc32(item[0].encode()))):
        if len(out) == TERMS:
            return list(out)
        out[group] = None
    raise ValueError(f"our texts make only {len(out)} phrases")


BAR = Bar(
    id="B3",
    title="matcher's median beside hyperscan's literals at 20,000 phrases",
    unit="x",
    limit=1.5,
    measure=measure,
)
