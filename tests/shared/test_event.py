"""An Event that no honest device can mean cannot be made; a body beyond its limits is refused, never cut."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from shared.event import MAX_CONTEXT_PASSAGES, MAX_PASSAGE_CHARS, ContextPassage, EventBody, EventHeader
from shared.taxonomy import Severity, Theme

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def header(**changes: Any) -> EventHeader:
    """A header with some fields replaced."""
    fields: dict[str, Any] = {
        "id": UUID(int=7),
        "occurred_at": NOON,
        "theme": Theme.ABUSE_DISCLOSURE,
        "severity": Severity.LEVEL_4,
        "probability": 0.9,
        "pack_version": "2026.11.1",
    }
    return EventHeader(**{**fields, **changes})


def body(**changes: Any) -> EventBody:
    """A body with some fields replaced."""
    fields: dict[str, Any] = {
        "passage": "a",
        "deleted_text": "",
        "application": "notes",
        "window_title": "Untitled",
        "account": "s.lee",
    }
    return EventBody(**{**fields, **changes})


@pytest.mark.parametrize("probability", [0.0, 0.5, 1.0])
def test_a_probability_may_reach_its_ends(probability: float) -> None:
    assert header(probability=probability).probability == probability


@pytest.mark.parametrize("probability", [-0.01, 1.01, float("nan"), float("inf")])
def test_a_probability_outside_is_refused(probability: float) -> None:
    with pytest.raises(ValueError, match="probability"):
        header(probability=probability)


def test_a_time_without_its_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        header(occurred_at=NOON.replace(tzinfo=None))


def test_the_longest_passage_fits_and_one_more_character_does_not() -> None:
    assert len(body(passage="x" * MAX_PASSAGE_CHARS).passage) == MAX_PASSAGE_CHARS
    with pytest.raises(ValueError, match="limit"):
        body(passage="x" * (MAX_PASSAGE_CHARS + 1))


def test_a_refusal_does_not_repeat_the_passage() -> None:
    with pytest.raises(ValueError, match="limit") as refused:
        body(passage="tell nobody " * MAX_PASSAGE_CHARS)
    assert "tell nobody" not in str(refused.value)


def test_more_context_than_agreed_is_refused() -> None:
    passages = tuple(ContextPassage("x", NOON) for _ in range(MAX_CONTEXT_PASSAGES + 1))
    assert body(context=passages[:-1]).context == passages[:-1]
    with pytest.raises(ValueError, match="context"):
        body(context=passages)
