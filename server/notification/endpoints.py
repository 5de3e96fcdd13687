"""The DSL's doors to alerts. Text is never cached; opening an alert is audited."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from server.access.dependencies import requires
from server.access.permissions import Permission
from server.access.scope import Actor
from server.notification.acknowledge import acknowledge, acknowledge_by_link
from server.notification.alerts import list_alerts, open_alert, open_states
from server.notification.domain import AlreadyAcknowledgedError
from server.notification.schemas import (
    AcknowledgedView,
    AlertItem,
    AlertList,
    AlertsAsked,
    AlertView,
    LinkBody,
    ReasonBody,
)
from server.routing.domain import AlertState
from server.routing.no_further_action import no_further_action

router = APIRouter(prefix="/api", tags=["alerts"])
NO_STORE = {"Cache-Control": "no-store, private", "X-Content-Type-Options": "nosniff"}

AlertReader = Annotated[Actor, Depends(requires(Permission.RECORD_ALERT_READ))]
Acknowledger = Annotated[Actor, Depends(requires(Permission.RECORD_ALERT_ACKNOWLEDGE))]
AlertCloser = Annotated[Actor, Depends(requires(Permission.RECORD_ALERT_CLOSE))]


@router.get("/alerts")
def get_alerts(
    request: Request, response: Response, actor: AlertReader, state: AlertsAsked = "open"
) -> AlertList:
    """Alerts that wait for something, or all; at most 500."""
    states = open_states() if state == "open" else [one.value for one in AlertState]
    with request.app.state.database.read(actor.database_scope()) as session:
        items = [AlertItem.of(line) for line in list_alerts(session, states=states)]
    response.headers.update(NO_STORE)
    return AlertList(items=items)


@router.get("/alerts/{alert_id}")
def get_alert(alert_id: UUID, request: Request, response: Response, actor: AlertReader) -> AlertView:
    """One alert with its text; 404 outside the reader's academies."""
    state = request.app.state
    with state.database.write(actor.database_scope()) as session:
        opened = open_alert(session, actor, keyring=state.keyring, alert_id=alert_id)
    response.headers.update(NO_STORE)
    return AlertView.of_opened(opened)


@router.post("/alerts/{alert_id}/acknowledge", status_code=204)
def post_acknowledge(alert_id: UUID, request: Request, actor: Acknowledger) -> None:
    """I have it; 409 ``already_acknowledged`` if a colleague was first."""
    state = request.app.state
    with state.database.write(actor.database_scope()) as session:
        done = acknowledge(session, actor, state.clock, alert_id=alert_id)
    if not done.is_mine:
        raise AlreadyAcknowledgedError


@router.post("/acknowledge")
def post_acknowledge_link(body: LinkBody, request: Request, actor: Acknowledger) -> AcknowledgedView:
    """I have it, by the link of a mail; tells who has it, also when that is somebody else."""
    state = request.app.state
    with state.database.write(actor.database_scope()) as session:
        done = acknowledge_by_link(session, actor, state.clock, keyring=state.keyring, token=body.token)
    return AcknowledgedView.of(done)


@router.post("/alerts/{alert_id}/no-further-action", status_code=204)
def post_no_further_action(alert_id: UUID, body: ReasonBody, request: Request, actor: AlertCloser) -> None:
    """End an acknowledged alert with a reason."""
    state = request.app.state
    with state.database.write(actor.database_scope()) as session:
        no_further_action(session, actor, state.clock, alert_id=alert_id, reason=body.reason)
