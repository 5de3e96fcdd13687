"""The pattern files are sound, and their expansion is repeatable, distinct and truly labelled."""

import json
from pathlib import Path

import pytest

from models.corpus.expand import PATTERNS, Passage, PatternError, expand, main, read_patterns

GOOD = """theme = "T05"

[slots]
carer = ["my dad", "my stepdad"]

[[pattern]]
id = "T05-unsafe"
level = 4
risk = true
role = "self_at_risk"
authenticity = "genuine"
immediacy = "no_time"
age = "11-16"
also = ["T04"]
lines = [
  "i dont feel safe at home, {carer} hits me when hes drunk",
  "{carer} hits me {on {day}|at the weekend}",
]

[[pattern]]
id = "T05-cricket"
level = 1
risk = false
role = "unknown"
authenticity = "genuine"
immediacy = "no_time"
age = "any"
lines = ["{carer} hit a six on {day}"]
"""
SHARED = '[slots]\nday = ["monday", "friday"]\n'


def folder_of(tmp_path: Path, text: str) -> Path:
    (tmp_path / "slots.toml").write_text(SHARED)
    (tmp_path / "T05_small.toml").write_text(text)
    return tmp_path


def line_of(text: str, needle: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if needle in line)


def test_an_expanded_passage_carries_its_pattern(tmp_path: Path) -> None:
    passages = list(expand(folder_of(tmp_path, GOOD), seed=1, per_pattern=40))
    risky = [p for p in passages if p.pattern == "T05-unsafe"]
    assert risky[0].also == ("T04",)
    assert {(p.theme, p.level, p.risk, p.role, p.age) for p in risky} == {
        ("T05", 4, True, "self_at_risk", "11-16")
    }
    assert {p.level for p in passages if not p.risk} == {1}


def test_slots_and_choices_are_filled_to_the_last(tmp_path: Path) -> None:
    texts = [p.text for p in expand(folder_of(tmp_path, GOOD), seed=1, per_pattern=40)]
    assert not [text for text in texts if set(text) & set("{}|")]
    assert "my dad hit a six on friday" in {text.casefold().rstrip(".") for text in texts}


def test_the_same_seed_says_the_same_and_another_seed_something_else(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, GOOD)
    first = list(expand(folder, seed=7, per_pattern=10))
    assert first == list(expand(folder, seed=7, per_pattern=10))
    assert first != list(expand(folder, seed=8, per_pattern=10))


def test_a_pattern_does_not_change_when_another_is_added_after_it(tmp_path: Path) -> None:
    before = list(expand(folder_of(tmp_path, GOOD.split('\n[[pattern]]\nid = "T05-cricket"')[0]), 1, 10))
    after = [p for p in expand(folder_of(tmp_path, GOOD), 1, 10) if p.pattern == "T05-unsafe"]
    assert before == after


def test_no_text_twice_and_no_more_than_asked(tmp_path: Path) -> None:
    passages = list(expand(folder_of(tmp_path, GOOD), seed=3, per_pattern=5))
    keys = ["".join(c for c in p.text.casefold() if c.isalnum()) for p in passages]
    assert len(set(keys)) == len(keys)
    assert [p.pattern for p in passages].count("T05-unsafe") == 5


@pytest.mark.parametrize(
    ("old", "new", "needle", "words"),
    [
        ("{carer} hits me {on", "{carre} hits me {on", "carre", "unknown slot {carre}"),
        ("on {day}|at", "on {dya}|at", "{dya}", "unknown slot {dya}"),
        ("six on {day}", "six on {day", "six on", "brace"),
        ('role = "unknown"', 'role = "nobody"', "nobody", "unknown role"),
        ('authenticity = "genuine"', 'authenticity = "real"', "real", "unknown authenticity"),
        ('immediacy = "no_time"', 'immediacy = "soon"', "soon", "unknown immediacy"),
        ('age = "11-16"', 'age = "11-17"', "11-17", "unknown age"),
        ('id = "T05-cricket"', 'id = "T05-unsafe"', "", "stands already"),
        ('id = "T05-cricket"', 'id = "T06-cricket"', "T06-cricket", "is not T05-some-words"),
        ("level = 4", "level = 1", "level = 1", "level 1"),
        ("level = 1\nrisk = false", "level = 2\nrisk = false", "level = 2", "level 2"),
        ("level = 4", "level = true", "level = true", "level True"),
        ('also = ["T04"]', 'also = ["T77"]', "T77", "also names 'T77'"),
        ("level = 4", 'level = 4\nmood = "sad"', "mood", "unknown key 'mood'"),
        ('["my dad", "my stepdad"]', '["my dad", "my dad"]', "carer =", "says a word twice"),
        ('carer = ["my dad", ', 'day = ["monday"]\ncarer = ["my dad", ', "day =", "already shared"),
        ('theme = "T05"', 'theme = "T06"', "theme =", "not the file's"),
        ('"{carer} hit a six on {day}"', '"{carer} hit a six on {day} "', "hit a six", "loose spaces"),
        ("level = 4", "level = = 4", "= =", "line 8"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, needle: str, words: str
) -> None:
    assert old in GOOD
    wrong = GOOD.replace(old, new, 1)
    with pytest.raises(PatternError) as caught:
        read_patterns(folder_of(tmp_path, wrong))
    assert words in str(caught.value)
    if needle:
        assert caught.value.line == line_of(wrong, needle)
    else:
        assert caught.value.line > line_of(wrong, new)


def test_a_missing_facet_is_named_at_its_pattern(tmp_path: Path) -> None:
    wrong = GOOD.replace('age = "any"\n', "")
    with pytest.raises(PatternError, match="lacks 'age'") as caught:
        read_patterns(folder_of(tmp_path, wrong))
    assert caught.value.line == line_of(wrong, "T05-cricket") - 1


def test_the_same_line_in_two_patterns_is_refused(tmp_path: Path) -> None:
    wrong = GOOD.replace(
        'lines = ["{carer}', 'lines = ["{carer} hits me {on {day}|at the weekend}", "{carer}'
    )
    with pytest.raises(PatternError, match=r"stands already at T05_small\.toml:17"):
        read_patterns(folder_of(tmp_path, wrong))


def test_the_command_writes_rows_and_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = folder_of(tmp_path, GOOD)
    out = tmp_path / "out.jsonl"
    assert main(["--folder", str(folder), "--per-pattern", "4", "--out", str(out), "--count"]) == 0
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert set(rows[0]) == set(Passage.__dataclass_fields__)
    assert (
        f"T05 risk          1 patterns {sum(r['risk'] for r in rows):6} passages" in capsys.readouterr().out
    )


def test_the_command_fails_with_the_place_of_the_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = GOOD.replace('age = "any"', 'age = "old"')
    folder = folder_of(tmp_path, wrong)
    assert main(["--folder", str(folder), "--count"]) == 1
    assert capsys.readouterr().err.startswith(f"T05_small.toml:{line_of(wrong, 'old')}: unknown age")


@pytest.mark.parametrize("theme", ["T01", "T02", "T03", "T04", "T05", "T06", "T07", "T08"])
def test_our_own_patterns_are_sound_and_many(theme: str) -> None:
    ours = [p for p in read_patterns(PATTERNS) if p.theme == theme]
    assert len([p for p in ours if p.risk]) >= 60
    assert len([p for p in ours if not p.risk]) >= 38
    assert {p.level for p in ours if p.risk} == {2, 3, 4, 5}
    assert sum(len(p.lines) for p in ours) >= 3 * len(ours)
