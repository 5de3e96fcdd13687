"""What crosses HTTP at the record's doors."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from server.mis.tables import StudentRow
from server.organisation.domain import Colleague
from server.record.domain import SUMMARY_MAX_CHARACTERS, OutcomeCode
from shared.taxonomy import Category, Severity, Theme

Text = Annotated[str, Field(min_length=1, max_length=SUMMARY_MAX_CHARACTERS)]
OptionalText = Annotated[str, Field(max_length=SUMMARY_MAX_CHARACTERS)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FindStudentsBody(_Asked):
    """Part of a name, at least two characters."""

    q: Annotated[str, Field(min_length=2, max_length=100)]


class OpenConcernBody(_Asked):
    """Take an Alert into the record."""

    student_id: UUID | None = None
    summary: Text


class OpenedConcernView(BaseModel):
    """Where to look for it."""

    concern_id: UUID
    student_id: UUID


class WriteConcernBody(_Asked):
    """A Concern written by hand."""

    category: Category
    theme: Theme
    severity: Severity
    summary: Text
    occurred_at: AwareDatetime


class ConcernIdView(BaseModel):
    """The new Concern."""

    concern_id: UUID


class AddActionBody(_Asked):
    """Something to be done; the owner left out means: me."""

    what: Text
    owner_id: UUID | None = None
    due_on: date | None = None


class ActionIdView(BaseModel):
    """The new Action."""

    action_id: UUID


class CompleteActionBody(_Asked):
    """What came of it."""

    text: OptionalText = ""


class AddNoteBody(_Asked):
    """A note; ``occurred_at`` backdates it."""

    text: Text
    occurred_at: AwareDatetime | None = None


class CloseConcernBody(_Asked):
    """How it ended, and why."""

    outcome_code: OutcomeCode
    text: OptionalText = ""


class ReopenConcernBody(_Asked):
    """Why it is opened again."""

    text: Text


class EntryIdView(BaseModel):
    """The new entry."""

    entry_id: UUID


class FoundStudentView(BaseModel):
    """A Student as the search shows them."""

    id: UUID
    display_name: str
    year_group: int | None
    registration_group: str | None
    academy_name: str

    @classmethod
    def of(cls, row: StudentRow, academy_name: str) -> "FoundStudentView":
        """One row of the search."""
        return cls(
            id=row.id,
            display_name=row.display_name,
            year_group=row.year_group,
            registration_group=row.registration_group,
            academy_name=academy_name,
        )


class FoundStudentsView(BaseModel):
    """At most twenty of them."""

    items: list[FoundStudentView]


class ColleagueView(BaseModel):
    """Somebody who can own an Action."""

    staff_id: UUID
    display_name: str
    role: str

    @classmethod
    def of(cls, colleague: Colleague) -> "ColleagueView":
        """Without the address: the page has no use for it."""
        return cls(
            staff_id=colleague.staff_id, display_name=colleague.display_name, role=colleague.role.value
        )


class ColleaguesView(BaseModel):
    """Those of one's own academies."""

    items: list[ColleagueView]
