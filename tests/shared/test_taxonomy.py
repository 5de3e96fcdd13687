"""The words of the taxonomy are complete, permanent where they are stored, and leave out what is nobody's business."""

import re

import pytest

from shared.taxonomy import AgeBand, Category, DismissalReason, Severity, Theme

STORED_THEMES = {f"T{number:02d}" for number in range(1, 21)} | {"T90", "T99"}
STORED_CATEGORIES = set("VP BU VI TE GR SX SU OS OF CY GN TS".split())
NEVER_A_THEME = re.compile(r"sexuality|gender|faith|religio|ethnic|politic", re.IGNORECASE)


def test_ids_that_rows_hold_are_never_taken_away() -> None:
    assert {theme.value for theme in Theme} == STORED_THEMES
    assert {category.value for category in Category} == STORED_CATEGORIES
    assert [severity.value for severity in Severity] == [1, 2, 3, 4, 5]
    assert {band.value for band in AgeBand} == {"4-10", "11-16", "17-18", "18+", "unknown"}


@pytest.mark.parametrize("theme", list(Theme))
def test_every_theme_has_words_and_one_category(theme: Theme) -> None:
    assert theme.label
    assert isinstance(theme.category, Category)
    assert not NEVER_A_THEME.search(theme.label)


@pytest.mark.parametrize("category", list(Category))
def test_every_category_has_words_and_a_theme(category: Category) -> None:
    assert category.label
    assert [theme for theme in Theme if theme.category is category]


def test_no_two_themes_read_the_same() -> None:
    labels = [theme.label for theme in Theme]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("severity", list(Severity))
def test_a_severity_is_shown_as_a_level_and_says_what_it_means(severity: Severity) -> None:
    assert severity.label == f"Level {severity.value}"
    assert severity.meaning.endswith(".")


def test_severities_are_ordered_by_how_soon() -> None:
    assert max(Severity) is Severity.LEVEL_5
    assert Severity.LEVEL_4 > Severity.LEVEL_3


def test_a_disclosure_of_harm_at_home_is_a_vulnerable_person() -> None:
    assert Theme.ABUSE_DISCLOSURE.category.label == "Vulnerable Person"


@pytest.mark.parametrize("reason", list(DismissalReason))
def test_a_reason_reads_as_words(reason: DismissalReason) -> None:
    assert re.fullmatch(r"[A-Z][a-z ]+", reason.label)
