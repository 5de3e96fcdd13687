"""The moderators' doors to the live queue. Text and screenshots only to who holds the event, never cached."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from server.access.dependencies import requires
from server.access.permissions import Permission
from server.access.scope import Actor
from server.live_queue.claim import claim, claim_event
from server.live_queue.domain import ReviewState
from server.live_queue.heartbeat import heartbeat
from server.live_queue.open_event import open_event, open_held_screenshot
from server.live_queue.release import release
from server.live_queue.repository import count_queue, list_queue
from server.live_queue.schemas import (
    ClaimView,
    EventView,
    LeaseView,
    QueueCounts,
    QueueItem,
    QueueView,
    TokenBody,
)

router = APIRouter(prefix="/api/queue", tags=["live queue"])
NO_STORE = {"Cache-Control": "no-store, private", "X-Content-Type-Options": "nosniff"}

QueueReader = Annotated[Actor, Depends(requires(Permission.REVIEW_QUEUE_READ))]
Claimer = Annotated[Actor, Depends(requires(Permission.REVIEW_QUEUE_CLAIM))]
EventReader = Annotated[Actor, Depends(requires(Permission.REVIEW_EVENT_READ))]


@router.get("")
def get_queue(request: Request, actor: QueueReader) -> QueueView:
    """What waits and what is held, in the order of claiming."""
    with request.app.state.database.read(actor.database_scope()) as session:
        counts = QueueCounts(
            queued=count_queue(session, actor, ReviewState.QUEUED),
            claimed=count_queue(session, actor, ReviewState.CLAIMED),
        )
        return QueueView(counts=counts, items=[QueueItem.of(line) for line in list_queue(session, actor)])


@router.post("/claim", response_model=ClaimView, responses={204: {"description": "Nothing waits."}})
def post_claim(request: Request, actor: Claimer) -> ClaimView | Response:
    """The most urgent event nobody holds, or 204."""
    state = request.app.state
    with state.database.write(actor.database_scope()) as session:
        found = claim(session, actor, state.clock)
    return ClaimView.of(found) if found else Response(status_code=204)


@router.post("/{event_id}/claim")
def post_claim_event(event_id: UUID, request: Request, actor: Claimer) -> ClaimView:
    """This very event; 409 ``claim_held`` if another moderator has it or it has been decided."""
    state = request.app.state
    with state.database.write(actor.database_scope()) as session:
        return ClaimView.of(claim_event(session, actor, state.clock, event_id))


@router.post("/{event_id}/heartbeat")
def post_heartbeat(event_id: UUID, body: TokenBody, request: Request, actor: Claimer) -> LeaseView:
    """Hold it for another 90 seconds; 409 ``claim_lost``."""
    state = request.app.state
    with state.database.write(actor.database_scope()) as session:
        expires_at = heartbeat(session, actor, state.clock, event_id=event_id, token=body.claim_token)
    return LeaseView(expires_at=expires_at)


@router.post("/{event_id}/release", status_code=204)
def post_release(event_id: UUID, body: TokenBody, request: Request, actor: Claimer) -> None:
    """Hand it back; 409 ``claim_lost``."""
    state = request.app.state
    with state.database.write(actor.database_scope()) as session:
        release(session, actor, state.clock, event_id=event_id, token=body.claim_token)


@router.get("/{event_id}")
def get_event(event_id: UUID, request: Request, response: Response, actor: EventReader) -> EventView:
    """The text of an event the caller holds; 409 ``claim_lost`` if not."""
    state = request.app.state
    with state.database.write(actor.database_scope()) as session:
        opened = open_event(session, actor, state.clock, keyring=state.keyring, event_id=event_id)
    response.headers.update(NO_STORE)
    return EventView.of(opened)


@router.get("/{event_id}/screenshot", response_class=Response)
def get_screenshot(event_id: UUID, request: Request, actor: EventReader) -> Response:
    """The picture of an event the caller holds; 409 ``claim_lost``, 404 while it has not arrived."""
    state = request.app.state
    with state.database.write(actor.database_scope()) as session:
        picture, content_type = open_held_screenshot(
            session, actor, keyring=state.keyring, blobs=state.blobs, event_id=event_id
        )
    return Response(picture, media_type=content_type, headers=NO_STORE)
