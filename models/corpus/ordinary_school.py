"""Writes ordinary_school.txt: what fills nearly every school hour, in our own words.

``python -m models.corpus.ordinary_school`` composes it from ordinary_school.toml, always the same. It
is never trained on: it only measures how quiet the pack stays on ordinary text.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
OUT = HERE / "ordinary_school.txt"
_SEED = 5


def lines() -> list[str]:
    """Every distinct line, in a fixed order."""
    random = Random(_SEED)  # noqa: S311 - a reproducible text, not a secret
    tables = tomllib.loads((HERE / "ordinary_school.toml").read_text(encoding="utf-8"))
    out: dict[str, None] = {}
    for table in tables.values():
        for template in table["templates"]:
            out.update(dict.fromkeys(_filled(template, table.get("words", {}), random, table["take"])))
    out.update(dict.fromkeys(_sums()))
    return list(out)


def _filled(template: str, words: Mapping[str, Sequence[str]], random: Random, most: int) -> Iterator[str]:
    fields = [name for name in words if "{" + name + "}" in template]
    choices = list(product(*(words[name] for name in fields)))
    for chosen in random.sample(choices, min(most, len(choices))):
        line = template
        for name, word in zip(fields, chosen, strict=True):
            line = line.replace("{" + name + "}", word)
        yield line


def _sums() -> Iterator[str]:
    for a, b in product(range(3, 13), range(4, 16)):
        yield f"{a} x {b} = {a * b}"
    for a, b in product(range(2, 9), range(1, 13)):
        yield f"solve {a}x + {b} = {a * 4 + b}"


if __name__ == "__main__":
    OUT.write_text("\n".join(lines()) + "\n", encoding="utf-8")
