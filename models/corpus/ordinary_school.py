"""Writes ordinary_school.txt and ordinary_home.txt: harmless talk in our own words, from templates.

``python -m models.corpus.ordinary_school`` composes both, always the same. The school text is never
trained on: it only measures how quiet the pack stays. The home text is trained on as harmless.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
SCHOOL, HOME = "ordinary_school", "ordinary_home"
_SEED = 5


def lines(name: str) -> list[str]:
    """Every distinct line of one text, in a fixed order."""
    random = Random(_SEED)  # noqa: S311 - a reproducible text, not a secret
    tables = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
    out: dict[str, None] = {}
    for table in tables.values():
        for template in table["templates"]:
            out.update(dict.fromkeys(_filled(template, table.get("words", {}), random, table["take"])))
    if name == SCHOOL:
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
    for text_name in (SCHOOL, HOME):
        (HERE / f"{text_name}.txt").write_text("\n".join(lines(text_name)) + "\n", encoding="utf-8")
