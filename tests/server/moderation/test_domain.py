"""What a grade may say: the rules as tables."""

from typing import Any
from uuid import uuid4

import pytest

from server.moderation.domain import (
    CallReason,
    CallWithoutReasonError,
    MessageInstructsError,
    MessageTooLongError,
    MessageTooShortError,
    ThemeOutsideCategoryError,
    call_reason_of,
    check,
    instructs_punishment,
)
from shared.taxonomy import Category, Severity, Theme
from tests.kit.chain import grade_command


def _command(**changes: Any) -> Any:
    return grade_command(uuid4(), uuid4(), **changes)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"category": Category.BULLYING}, ThemeOutsideCategoryError),
        ({"message": ""}, MessageTooShortError),
        ({"message": "  too few  "}, MessageTooShortError),
        ({"severity": Severity.LEVEL_5, "message": "123456789"}, MessageTooShortError),
        ({"message": "x" * 2_001}, MessageTooLongError),
        ({"message": "Please exclude this student."}, MessageInstructsError),
        ({"severity": Severity.LEVEL_2, "message": "Give a detention"}, MessageInstructsError),
        ({"call_reason": CallReason.ABUSE}, CallWithoutReasonError),
        ({"severity": Severity.LEVEL_2, "call_required": True}, CallWithoutReasonError),
    ],
)
def test_a_grade_that_breaks_a_rule(changes: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        check(_command(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"severity": Severity.LEVEL_3, "message": ""},
        {"severity": Severity.LEVEL_4, "message": "0123456789"},
        {"call_required": True, "call_reason": CallReason.ABUSE},
        {"call_required": True},
        {"theme": Theme.BULLYING, "category": Category.BULLYING},
    ],
)
def test_a_grade_that_may_stand(changes: dict[str, Any]) -> None:
    check(_command(**changes))
    assert call_reason_of(_command(**changes)) == (
        (changes.get("call_reason") or CallReason.JUDGEMENT) if changes.get("call_required") else None
    )


@pytest.mark.parametrize("theme", list(Theme))
def test_every_theme_is_accepted_under_its_own_category_only(theme: Theme) -> None:
    check(_command(theme=theme, category=theme.category))
    for category in set(Category) - {theme.category}:
        with pytest.raises(ThemeOutsideCategoryError):
            check(_command(theme=theme, category=category))


@pytest.mark.parametrize(
    "message",
    [
        "Please exclude him",
        "This should be excluded from the trip",
        "Give him a detention for this.",
        "Hateful words. Punish her.",
        "I recommend a suspension",
        "You must suspend them",
        "needs to be punished for this",
        "Consider isolating him",
        "deserves detention",
        "SHOULD GET EXPELLED",
        "Confiscate the laptop",
    ],
)
def test_asking_for_a_punishment_is_found(message: str) -> None:
    assert instructs_punishment(message)


@pytest.mark.parametrize(
    "message",
    [
        "He was excluded by the group and feels alone",
        "Feels excluded by friends",
        "Says her dad will punish her when he sees the report",
        "Scared of being punished at home",
        "Isolated and low since Friday",
        "Talks about a detention he got yesterday",
        "Messages suggest he has been excluded by the others",
        "Says that a stepfather hits them. Please speak with them today.",
    ],
)
def test_telling_of_one_is_not(message: str) -> None:
    assert not instructs_punishment(message)
