"""The vocabulary is whole and each word has a label."""

from server.vocabulary import taxonomy
from shared.taxonomy import Category, Theme


def test_every_word_is_there_once_with_a_label() -> None:
    found = taxonomy()
    assert [one.id for one in found.categories] == [one.value for one in Category]
    assert [one.id for one in found.themes] == [one.value for one in Theme]
    for words in (
        found.categories,
        found.themes,
        found.subject_roles,
        found.authenticities,
        found.immediacies,
        found.dismissal_reasons,
        found.agencies,
        found.consents,
        found.decisions,
        found.outcome_codes,
    ):
        ids = [one.id for one in words]
        assert ids
        assert len(ids) == len(set(ids))
        assert all(one.label and one.label[0].isupper() for one in words)


def test_a_theme_names_a_category_that_exists() -> None:
    found = taxonomy()
    categories = {one.id for one in found.categories}
    assert all(theme.category in categories for theme in found.themes)
