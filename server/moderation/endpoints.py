"""The doors through which a moderator decides."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from server.access.dependencies import requires
from server.access.permissions import Permission
from server.access.scope import Actor
from server.moderation.dismiss import dismiss
from server.moderation.domain import DismissCommand, GradeCommand
from server.moderation.grade import grade
from server.moderation.schemas import DismissBody, GradeBody, GradeMade

router = APIRouter(prefix="/api/moderation", tags=["moderation"])


@router.post("/{event_id}/grade")
def post_grade(
    event_id: UUID,
    body: GradeBody,
    request: Request,
    actor: Annotated[Actor, Depends(requires(Permission.REVIEW_EVENT_GRADE))],
) -> GradeMade:
    """Grade an event that the caller holds; 409 ``claim_lost`` if not."""
    state = request.app.state
    command = GradeCommand(event_id=event_id, **dict(body))
    with state.database.write(actor.database_scope()) as session:
        grade_id = grade(session, actor, state.clock, keyring=state.keyring, command=command)
    return GradeMade(grade_id=grade_id)


@router.post("/{event_id}/dismiss", status_code=204)
def post_dismiss(
    event_id: UUID,
    body: DismissBody,
    request: Request,
    actor: Annotated[Actor, Depends(requires(Permission.REVIEW_EVENT_DISMISS))],
) -> None:
    """Dismiss an event that the caller holds; 409 ``claim_lost`` if not."""
    state = request.app.state
    with state.database.write(actor.database_scope()) as session:
        dismiss(session, actor, state.clock, command=DismissCommand(event_id, body.claim_token, body.reason))
