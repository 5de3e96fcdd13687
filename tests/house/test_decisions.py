"""Each decision record is short, numbered, and names the test that enforces it. Without a test it is an opinion."""

import re

from tests.house.sources import ROOT

DECISIONS = sorted((ROOT / "tests" / "house" / "decisions").glob("*.md"))
MAX_LINES = 35


def test_they_are_numbered_without_a_gap() -> None:
    """0001-one-distribution.md and so on."""
    assert [path.name[:5] for path in DECISIONS] == [f"{n:04d}-" for n in range(1, len(DECISIONS) + 1)]
    assert DECISIONS


def test_each_is_short_and_says_what_holds_it() -> None:
    """A title, a decision, a reason, and tests that exist."""
    for path in DECISIONS:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= MAX_LINES, path.name
        assert text.startswith(f"# {path.name[:4]} "), path.name
        for part in ("Decision", "Why", "Held by"):
            assert f"**{part}.**" in text, f"{path.name} has no {part}"
        held_by = text.partition("**Held by.**")[2]
        named = re.findall(r"`([\w/.]+\.(?:py|toml|txt))`", held_by)
        assert named, f"{path.name} names no test"
        missing = [name for name in named if not (ROOT / name).exists()]
        assert not missing, f"{path.name} names {missing}"
