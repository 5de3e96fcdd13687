"""The two doors a device passes before it may send: enrolment and access tokens. Open to the internet."""

from fastapi import APIRouter, Request, Response

from server.enrolment.access_token import AccessTokens, TokenCommand, issue_access_token
from server.enrolment.domain import ACCESS_TOKEN_LIFETIME_S
from server.enrolment.enrol_device import EnrolCommand, enrol_device
from server.enrolment.schemas import EnrolAnswer, EnrolRequest, TokenAnswer, TokenRequest
from shared.wire import ENROL_PATH, TOKEN_PATH, to_base64

router = APIRouter(tags=["devices"])


@router.post(ENROL_PATH, status_code=201)
def enrol(body: EnrolRequest, request: Request, response: Response) -> EnrolAnswer:
    """201 for a new device, 200 when the same device asks again, 403 for everything else."""
    state = request.app.state
    command = EnrolCommand(body.token, body.public_key, body.proof, body.platform, body.agent_version)
    with state.system_database.write() as session:
        enrolled = enrol_device(session, state.clock, command)
    response.status_code = 201 if enrolled.is_new else 200
    return EnrolAnswer(
        device_id=enrolled.device_id,
        academy_label=enrolled.academy_label,
        server_key=to_base64(state.keyring.server_public),
        server_time=state.clock.now(),
    )


@router.post(TOKEN_PATH)
def token(body: TokenRequest, request: Request) -> TokenAnswer:
    """An access token, or 401."""
    state = request.app.state
    command = TokenCommand(body.device_id, body.ts, body.signature)
    with state.system_database.write() as session:
        access_token = issue_access_token(session, state.clock, command, tokens=AccessTokens(state.keyring))
    return TokenAnswer(access_token=access_token, expires_in=ACCESS_TOKEN_LIFETIME_S)
