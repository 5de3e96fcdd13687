"""Child of B3: our matcher, hyperscan, pyahocorasick and flashtext over the same phrases and lines, interleaved.

``python -m bench.engines SITE_PACKAGES``: ``{"phrases", "lines", "rounds"}`` in, median microseconds out. All of
them look for whole words: phrases and folded lines stand between spaces.
"""

import importlib
import json
import site
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from agent.inspection.lexicon import Entry, Lexicon, compile_lexicon
from agent.inspection.matcher import Matcher, Term, parse_phrases
from agent.inspection.normaliser import NormalisedText
from shared.taxonomy import Severity, Theme

Find = Callable[[Any], object]
_ALL = Term("T05.bench", Theme.ABUSE_DISCLOSURE, Severity.LEVEL_2, 0.5, alone=False)


def ours(phrases: Sequence[str], lines: Sequence[str]) -> tuple[Find, list[Any]]:
    """The shipped kind of table and the product's own ``Matcher.find``."""
    table = compile_lexicon(Lexicon((Entry(_ALL, tuple(phrases)),), {}), source="", typical=lines[::7])
    matcher = Matcher(parse_phrases(table))
    return matcher.find, [NormalisedText(f" {line} ", line.split(), line, None) for line in lines]


def hyperscan(phrases: Sequence[str], lines: Sequence[str]) -> tuple[Find, list[Any]]:
    """Literals with spaces around, every match reported."""
    engine = importlib.import_module("hyperscan")
    database = engine.Database()
    expressions = [f" {phrase} ".encode() for phrase in phrases]
    database.compile(
        expressions=expressions, ids=list(range(len(phrases))), elements=len(phrases), literal=True, flags=0
    )
    hits: list[tuple[int, int, int]] = []

    def on_match(number: int, start: int, end: int, _flags: int, _context: object) -> None:
        hits.append((number, start, end))

    def find(raw: bytes) -> list[tuple[int, int, int]]:
        hits.clear()
        database.scan(raw, match_event_handler=on_match)
        return list(hits)

    return find, [f" {line} ".encode() for line in lines]


def pyahocorasick(phrases: Sequence[str], lines: Sequence[str]) -> tuple[Find, list[Any]]:
    """Its automaton over padded phrases."""
    automaton = importlib.import_module("ahocorasick").Automaton()
    for number, phrase in enumerate(phrases):
        automaton.add_word(f" {phrase} ", number)
    automaton.make_automaton()
    return lambda text: list(automaton.iter(text)), [f" {line} " for line in lines]


def flashtext(phrases: Sequence[str], lines: Sequence[str]) -> tuple[Find, list[Any]]:
    """Its keyword processor, which knows word boundaries by itself."""
    processor = importlib.import_module("flashtext").KeywordProcessor(case_sensitive=True)
    for phrase in phrases:
        processor.add_keyword(phrase)
    return lambda text: processor.extract_keywords(text, span_info=True), list(lines)


def main() -> None:
    """Build all four, check that they see the same lines, time them in turns."""
    site.addsitedir(sys.argv[1])
    question = json.load(sys.stdin)
    engines = {
        build.__name__: build(question["phrases"], question["lines"])
        for build in (ours, hyperscan, pyahocorasick, flashtext)
    }
    seen = {name: _lines_hit(find, inputs) for name, (find, inputs) in engines.items()}
    spent: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(question["rounds"]):
        for name, (find, inputs) in engines.items():
            _timed(find, inputs, spent[name])
    answer = {
        "p50_us": {name: statistics.median(times) for name, times in spent.items()},
        "p99_us": {name: sorted(times)[int(len(times) * 0.99)] for name, times in spent.items()},
        "lines_hit": {name: len(lines) for name, lines in seen.items()},
        "disagreements": sum(len(seen["ours"] ^ seen[name]) for name in ("hyperscan", "pyahocorasick")),
    }
    print(json.dumps(answer))


def _lines_hit(find: Find, inputs: Sequence[Any]) -> set[int]:
    found = {number: find(one) for number, one in enumerate(inputs)}
    return {number for number, hits in found.items() if getattr(hits, "matches", hits)}


def _timed(find: Find, inputs: Sequence[Any], into: list[float]) -> None:
    for one in inputs:
        began = time.perf_counter_ns()
        find(one)
        into.append((time.perf_counter_ns() - began) / 1000)


if __name__ == "__main__":
    main()
