"""The ordinary hour: the committed lines are what the templates say, and the pack stays quiet on them."""

import pytest

from models.corpus.ordinary_school import HERE, HOME, SCHOOL, lines
from models.score import Question, Scorer


@pytest.mark.parametrize(("name", "least"), [(SCHOOL, 2000), (HOME, 1000)])
def test_the_file_is_what_the_script_writes(name: str, least: int) -> None:
    """Nobody edits the text by hand; enough distinct lines."""
    written = (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert written == lines(name)
    assert len(set(written)) == len(written) >= least
    assert not any("{" in line and "}" in line for line in written)


def test_an_ordinary_hour_is_silent() -> None:
    """At most one line in a thousand costs a moderator's time."""
    school = lines(SCHOOL)
    flagged = [
        line for line, one in zip(school, Scorer().decide(map(Question, school)), strict=True) if one.flag
    ]
    assert len(flagged) <= 2, flagged
