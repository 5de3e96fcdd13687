"""Every invented message stands in the taxonomy, could be graded as it says, and names nobody."""

import re
from collections import Counter
from uuid import uuid4

import pytest

from server.demonstration.names import FAMILY, GIVEN
from server.demonstration.stories import STORIES, Story
from server.escalation.domain import Agency
from server.moderation.domain import CallReason, GradeCommand, check
from shared.taxonomy import Authenticity, Category, Immediacy, Severity, SubjectRole, Theme

NAMES = {name.lower() for name in (*GIVEN, *FAMILY)} | {"jess", "tom", "sam", "alex", "emma", "jack"}
ALSO_A_WORD = {"grace", "rose", "marsh", "sharpe", "pike", "wren", "hale", "cole", "finch", "birch"}

every_story = pytest.mark.parametrize("story", STORIES, ids=lambda one: one.passage[:30])
graded = [one for one in STORIES if one.dismissed is None]


@every_story
def test_it_is_dismissed_or_has_a_message(story: Story) -> None:
    assert (story.dismissed is None) != (story.message == "")


@every_story
def test_its_theme_and_category_are_known(story: Story) -> None:
    assert story.theme in Theme
    assert story.theme.category in Category


@pytest.mark.parametrize("story", graded, ids=lambda one: one.passage[:30])
def test_a_moderator_could_grade_it_so(story: Story) -> None:
    """By the same rules as the page's form: theme in category, ten characters from Level 4, no instruction."""
    is_urgent = story.severity is Severity.LEVEL_5
    command = GradeCommand(
        event_id=uuid4(),
        claim_token=uuid4(),
        category=story.theme.category,
        theme=story.theme,
        severity=story.severity,
        message=story.message,
        subject_role=SubjectRole.SELF_AT_RISK,
        authenticity=Authenticity.GENUINE,
        immediacy=Immediacy.NOW if is_urgent else Immediacy.NO_TIME,
        call_required=is_urgent,
        call_reason=CallReason.SUICIDAL_INTENT if is_urgent else None,
    )
    check(command)
    assert story.severity < Severity.LEVEL_4 or len(story.message) >= 10


@every_story
def test_it_names_nobody(story: Story) -> None:
    words = set(re.findall(r"\w+", " ".join((story.passage, story.message, *story.context)).lower()))
    assert not words & (NAMES - ALSO_A_WORD)


@every_story
def test_what_is_referred_goes_to_a_known_agency_and_is_grave(story: Story) -> None:
    if story.referred_to:
        assert Agency(story.referred_to)
        assert story.dismissed is None
        assert story.severity >= Severity.LEVEL_4


def test_the_set_shows_every_side_of_a_board() -> None:
    """Several themes, every level from 2, some of it harmless, most of it not."""
    assert len({one.theme for one in STORIES}) >= 10
    assert {one.severity for one in graded} == set(Severity) - {Severity.LEVEL_1}
    dismissed = len(STORIES) - len(graded)
    assert 0 < dismissed < len(graded)
    assert len({one.dismissed for one in STORIES}) >= 4


def test_no_passage_comes_twice() -> None:
    assert Counter(one.passage for one in STORIES).most_common(1)[0][1] == 1
