"""Turn the pattern files of models/corpus/patterns into many short passages, the same ones for the same seed.

A pattern is one author's idea in a few lines with slots; training and validation are split by pattern id.
"""

import argparse
import json
import random
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.corpus.texting import vary
from shared.taxonomy import AgeBand, Authenticity, Immediacy, SubjectRole, Theme

PATTERNS = Path(__file__).parent / "patterns"
SHARED_SLOTS = "slots.toml"
ANY_AGE = "any"
MAX_VARIANTS = 3  # of one filled line: more would only teach its wording by heart

_SLOT = re.compile(r"\{([^{}]*)\}")
_ID = re.compile(r"T\d\d-[a-z0-9]+(?:-[a-z0-9]+)*")
_KEYS = frozenset({"id", "level", "risk", "role", "authenticity", "immediacy", "age", "lines", "also"})
_ENUMS: dict[str, frozenset[str]] = {
    "role": frozenset(SubjectRole),
    "authenticity": frozenset(Authenticity),
    "immediacy": frozenset(Immediacy),
    "age": frozenset(AgeBand) | {ANY_AGE},
}
_THEMES = frozenset(Theme)

Slots = dict[str, list[str]]


class PatternError(ValueError):
    """A pattern file is wrong; the words name the file and the line."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        super().__init__(f"{path.name}:{line}: {why}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Pattern:
    """One author's idea: lines with slots, and what a moderator would record of any of them."""

    id: str
    theme: Theme
    level: int
    risk: bool
    role: SubjectRole
    authenticity: Authenticity
    immediacy: Immediacy
    age: str
    lines: tuple[str, ...]
    also: tuple[Theme, ...]
    slots: Slots


@dataclass(frozen=True, slots=True)
class Passage:
    """One expanded text with the labels of its pattern."""

    text: str
    theme: str
    level: int
    risk: bool
    role: str
    authenticity: str
    immediacy: str
    age: str
    pattern: str
    also: tuple[str, ...]


class _Source:
    """A TOML file and where its words stand, since tomllib forgets the lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines = path.read_text(encoding="utf-8").splitlines()
        self.starts = [n for n, line in enumerate(self._lines, 1) if line.strip() == "[[pattern]]"]
        try:
            self.data: dict[str, Any] = tomllib.loads("\n".join(self._lines))
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            raise PatternError(path, int(found[1]) if found else len(self._lines), str(error)) from error

    def line_of(self, needle: str, start: int = 1) -> int:
        """The first line at or after ``start`` that holds ``needle``, else ``start``."""
        later = [n for n in self.starts if n > start] if start in self.starts else []
        end = later[0] if later else len(self._lines) + 1
        return next((n for n in range(start, end) if needle in self._lines[n - 1]), start)

    def fail(self, why: str, needle: str = "", start: int = 1) -> PatternError:
        """The error to raise for ``needle`` of the block that starts at ``start``."""
        return PatternError(self.path, self.line_of(needle, start), why)


def _read_slots(source: _Source) -> Slots:
    slots: Slots = {}
    for name, words in source.data.get("slots", {}).items():
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise source.fail(f"slot name {name!r} is not lower case", name)
        if not isinstance(words, list) or not words or not all(isinstance(w, str) and w for w in words):
            raise source.fail(f"slot {name!r} needs a list of words", f"{name} =")
        if len(set(words)) != len(words):
            raise source.fail(f"slot {name!r} says a word twice", f"{name} =")
        if any("{" in word or "}" in word for word in words):
            raise source.fail(f"slot {name!r} holds a slot", f"{name} =")
        slots[name] = words
    return slots


def _check_facets(source: _Source, raw: dict[str, Any], start: int, theme: str) -> None:
    for key in sorted(set(raw) - _KEYS):
        raise source.fail(f"unknown key {key!r}", f"{key} =", start)
    for key in sorted(_KEYS - {"also"} - set(raw)):
        raise source.fail(f"pattern lacks {key!r}", "", start)
    if not isinstance(raw["id"], str) or not _ID.fullmatch(raw["id"]) or not raw["id"].startswith(theme):
        raise source.fail(f"id {raw['id']!r} is not {theme}-some-words", "id =", start)
    for key, allowed in _ENUMS.items():
        if raw[key] not in allowed:
            raise source.fail(f"unknown {key} {raw[key]!r}", f"{key} =", start)
    if not isinstance(raw["risk"], bool):
        raise source.fail("risk is true or false", "risk =", start)
    levels = (2, 3, 4, 5) if raw["risk"] else (1,)
    if type(raw["level"]) is not int or raw["level"] not in levels:
        raise source.fail(f"level {raw['level']!r} is not one of {levels}", "level =", start)
    for other in raw.get("also", []):
        if other not in _THEMES or other == theme:
            raise source.fail(f"also names {other!r}", "also =", start)


def _check_lines(source: _Source, raw: dict[str, Any], start: int, slots: Slots) -> None:
    lines = raw["lines"]
    if not isinstance(lines, list) or not lines:
        raise source.fail("lines is empty", "lines =", start)
    for text in lines:
        if not isinstance(text, str) or not text.strip() or text != text.strip():
            raise source.fail(f"line {text!r} is empty or has loose spaces", str(text), start)
        bare = text
        while found := _SLOT.search(bare):
            if "|" not in found[1] and found[1] not in slots:
                raise source.fail(f"unknown slot {{{found[1]}}}", text, start)
            bare = bare.replace(found[0], "x")
        if "{" in bare or "}" in bare:
            raise source.fail("a brace is not closed", text, start)


def read_patterns(folder: Path = PATTERNS) -> list[Pattern]:
    """Every pattern of a folder, in file order. Raises PatternError at the first thing that is wrong."""
    shared_file = folder / SHARED_SLOTS
    common = _read_slots(_Source(shared_file)) if shared_file.exists() else {}
    patterns: list[Pattern] = []
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("T*.toml")):
        patterns += _read_file(_Source(path), common, seen)
    return patterns


def _read_file(source: _Source, common: Slots, seen: dict[str, str]) -> Iterator[Pattern]:
    theme = source.data.get("theme")
    if theme not in _THEMES or not source.path.name.startswith(str(theme)):
        raise source.fail(f"theme {theme!r} is unknown or not the file's", "theme =")
    if extra := set(source.data) - {"theme", "slots", "pattern"}:
        raise source.fail(f"unknown table {min(extra)!r}", min(extra))
    own = _read_slots(source)
    for name in own:
        if name in common:
            raise source.fail(f"slot {name!r} is already shared", f"{name} =")
    slots = common | own
    for raw, start in zip(source.data.get("pattern", []), source.starts, strict=True):
        _check_facets(source, raw, start, str(theme))
        _check_lines(source, raw, start, slots)
        for words in (raw["id"], *raw["lines"]):
            if words in seen:
                raise source.fail(f"{words!r} stands already at {seen[words]}", words, start)
            seen[words] = f"{source.path.name}:{source.line_of(words, start)}"
        yield _pattern(Theme(theme), raw, slots)


def _pattern(theme: Theme, raw: dict[str, Any], slots: Slots) -> Pattern:
    return Pattern(
        id=raw["id"],
        theme=theme,
        level=raw["level"],
        risk=raw["risk"],
        role=SubjectRole(raw["role"]),
        authenticity=Authenticity(raw["authenticity"]),
        immediacy=Immediacy(raw["immediacy"]),
        age=str(raw["age"]),
        lines=tuple(raw["lines"]),
        also=tuple(Theme(other) for other in raw.get("also", [])),
        slots=slots,
    )


def fill(line: str, slots: Slots, rng: random.Random) -> str:
    """The line with each ``{slot}`` and each ``{this|{slot}|}`` choice made by ``rng``, the inner ones first."""

    def choose(found: re.Match[str]) -> str:
        inside: str = found[1]
        return rng.choice(inside.split("|") if "|" in inside else slots[inside])

    while "{" in line:
        line = _SLOT.sub(choose, line)
    return " ".join(line.split())


def _texts(pattern: Pattern, rng: random.Random, wanted: int) -> Iterator[str]:
    """Fresh fillings first, every line in turn; texting variants of them when the fillings run out."""
    chatty = pattern.authenticity in {Authenticity.GENUINE, Authenticity.AMBIGUOUS, Authenticity.JOKE}
    filled: list[str] = []
    for _ in range(6):
        for _ in range(0, wanted, len(pattern.lines)):
            for line in pattern.lines:
                text = fill(line, pattern.slots, rng)
                if text not in filled:
                    filled.append(text)
                    yield text if rng.random() < 0.5 else vary(text, rng, chatty=chatty)
    for _ in range(MAX_VARIANTS - 1):
        for text in filled:
            yield vary(text, rng, chatty=chatty)


def _key(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def expand(folder: Path, seed: int, per_pattern: int) -> Iterator[Passage]:
    """At most ``per_pattern`` passages of each pattern; no text twice in all, and none that says two things."""
    said: set[str] = set()
    for pattern in read_patterns(folder):
        rng = random.Random(f"{seed}/{pattern.id}")  # noqa: S311 - wants repeating, not secrecy
        left = per_pattern
        for text in _texts(pattern, rng, per_pattern):
            if left == 0:
                break
            if _key(text) in said:
                continue
            said.add(_key(text))
            left -= 1
            yield Passage(
                text=text,
                theme=pattern.theme.value,
                level=pattern.level,
                risk=pattern.risk,
                role=pattern.role.value,
                authenticity=pattern.authenticity.value,
                immediacy=pattern.immediacy.value,
                age=pattern.age,
                pattern=pattern.id,
                also=tuple(other.value for other in pattern.also),
            )


def _print_counts(passages: list[Passage]) -> None:
    rows: Counter[tuple[str, bool]] = Counter((p.theme, p.risk) for p in passages)
    ids = {(p.theme, p.risk, p.pattern) for p in passages}
    for theme, risk in sorted(rows, key=lambda pair: (pair[0], not pair[1])):
        patterns = sum(1 for one in ids if one[:2] == (theme, risk))
        levels = Counter(p.level for p in passages if p.theme == theme and p.risk == risk)
        by_level = " ".join(f"L{level}:{count}" for level, count in sorted(levels.items()))
        kind = "risk" if risk else "look-alike"
        print(f"{theme} {kind:10} {patterns:4} patterns {rows[theme, risk]:6} passages  {by_level}")


def main(arguments: list[str] | None = None) -> int:
    """Write the passages as JSON lines, or count them."""
    parser = argparse.ArgumentParser(prog="python -m models.corpus.expand", description=__doc__)
    parser.add_argument("--folder", type=Path, default=PATTERNS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-pattern", type=int, default=40)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--count", action="store_true")
    chosen = parser.parse_args(arguments)
    if not chosen.count and chosen.out is None:
        parser.error("say --out FILE or --count")
    try:
        passages = list(expand(chosen.folder, chosen.seed, chosen.per_pattern))
    except PatternError as error:
        print(error, file=sys.stderr)
        return 1
    if chosen.out is not None:
        rows = (json.dumps(asdict(passage), ensure_ascii=False) for passage in passages)
        chosen.out.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    if chosen.count:
        _print_counts(passages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
