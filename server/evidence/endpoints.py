"""The screenshot of an alert, for those who keep the record. Never cached, always audited.

Moderators see a screenshot through the live queue's door, where their claim is checked.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from server.access.dependencies import requires
from server.access.permissions import Permission
from server.access.scope import Actor
from server.audit.write import write_audit
from server.evidence.domain import EventNotFoundError
from server.evidence.repository import find_key
from server.evidence.view import open_screenshot

router = APIRouter(prefix="/api/evidence", tags=["evidence"])
NO_STORE = {"Cache-Control": "no-store, private", "X-Content-Type-Options": "nosniff"}


@router.get("/{event_id}/screenshot", response_class=Response)
def get_screenshot(
    event_id: UUID,
    request: Request,
    actor: Annotated[Actor, Depends(requires(Permission.OWN_EVIDENCE_READ))],
) -> Response:
    """The picture itself, 404 while it has not arrived or is not this reader's."""
    state = request.app.state
    # A moderator's reach is left out on purpose: here only the alert makes evidence visible.
    scope = {**actor.database_scope(), "app.review_trusts": ""}
    with state.database.write(scope) as session:
        found = open_screenshot(session, state.keyring, state.blobs, event_id)
        key = find_key(session, event_id)
        if found is None or key is None:
            raise EventNotFoundError
        write_audit(
            session,
            actor,
            verb="read_screenshot",
            subject_kind="event",
            subject_id=event_id,
            trust_id=key.trust_id,
            academy_id=key.academy_id,
        )
    picture, content_type = found
    return Response(picture, media_type=content_type, headers=NO_STORE)
