"""Every word a person chooses from on screen, gathered from the rooms that own them. The page owns none.

Stands above the rooms because no single one knows all of these words.
"""

from collections.abc import Iterable
from typing import Protocol

from pydantic import BaseModel

from server.escalation.domain import Agency, Consent, Decision
from server.record.domain import OutcomeCode
from shared.taxonomy import (
    TAXONOMY_VERSION,
    AgeBand,
    Authenticity,
    Category,
    DismissalReason,
    Immediacy,
    Severity,
    SubjectRole,
    Theme,
)


class _Word(Protocol):
    @property
    def value(self) -> str: ...


class _LabelledWord(_Word, Protocol):
    @property
    def label(self) -> str: ...


class Labelled(BaseModel):
    """An id and the words on screen."""

    id: str
    label: str


class ThemeView(Labelled):
    """A Theme and the Category it stands under."""

    category: str


class SeverityView(BaseModel):
    """A level, its label and one line for those who hesitate."""

    value: int
    label: str
    meaning: str


class TaxonomyView(BaseModel):
    """Every word a person chooses from. The page owns none of them."""

    version: int
    categories: list[Labelled]
    themes: list[ThemeView]
    severities: list[SeverityView]
    subject_roles: list[Labelled]
    authenticities: list[Labelled]
    immediacies: list[Labelled]
    dismissal_reasons: list[Labelled]
    age_bands: list[str]
    agencies: list[Labelled]
    consents: list[Labelled]
    decisions: list[Labelled]
    outcome_codes: list[Labelled]


def taxonomy() -> TaxonomyView:
    """The whole vocabulary; it changes only with a release."""
    return TaxonomyView(
        version=TAXONOMY_VERSION,
        categories=_labelled(Category),
        themes=[ThemeView(id=one.value, label=one.label, category=one.category.value) for one in Theme],
        severities=[SeverityView(value=one.value, label=one.label, meaning=one.meaning) for one in Severity],
        subject_roles=_spelt(SubjectRole),
        authenticities=_spelt(Authenticity),
        immediacies=_spelt(Immediacy),
        dismissal_reasons=_labelled(DismissalReason),
        age_bands=[one.value for one in AgeBand],
        agencies=_labelled(Agency),
        consents=_labelled(Consent),
        decisions=_labelled(Decision),
        outcome_codes=_labelled(OutcomeCode),
    )


def _labelled(words: Iterable[_LabelledWord]) -> list[Labelled]:
    return [Labelled(id=one.value, label=one.label) for one in words]


def _spelt(words: Iterable[_Word]) -> list[Labelled]:
    """Words whose value reads as their label."""
    return [Labelled(id=one.value, label=one.value.replace("_", " ").capitalize()) for one in words]
