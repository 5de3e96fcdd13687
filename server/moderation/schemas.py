"""What crosses HTTP for a decision. Unknown fields are refused."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.moderation.domain import MESSAGE_MAX_CHARACTERS, CallReason
from shared.taxonomy import Authenticity, Category, DismissalReason, Immediacy, Severity, SubjectRole, Theme


class GradeBody(BaseModel):
    """A Grade as the page sends it."""

    model_config = ConfigDict(extra="forbid")

    claim_token: UUID
    category: Category
    theme: Theme
    severity: Severity
    message: str = Field(default="", max_length=2 * MESSAGE_MAX_CHARACTERS)
    subject_role: SubjectRole
    authenticity: Authenticity
    immediacy: Immediacy
    call_required: bool = False
    call_reason: CallReason | None = None


class DismissBody(BaseModel):
    """A Dismissal as the page sends it."""

    model_config = ConfigDict(extra="forbid")

    claim_token: UUID
    reason: DismissalReason


class GradeMade(BaseModel):
    """The new Grade's id."""

    grade_id: UUID
