"""The websocket carrier: frames in, answers out, one after the other. Thin on purpose: no framework per frame."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.responses import JSONResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.enrolment.domain import DeviceRefusedError
from server.ingest.quick_json import write
from server.ingest.receive import Receiver, receiving
from server.ingest.unpack import FrameTooLargeError
from server.kit.errors import KnownError
from shared.wire import SOCKET_PATH, ErrorFrame, encode

POLICY_VIOLATION = 1008
TOO_BIG = 1009
DEVICE_REFUSED = 4401


async def agent_socket(websocket: WebSocket) -> None:
    """One device's session: a welcome, then an answer to each frame until either side ends it."""
    receiver: Receiver = websocket.app.state.receiver
    try:
        sender = await receiver.authenticate(websocket.headers.get("authorization"))
    except KnownError as error:
        answer = {"code": error.code, "detail": error.detail}
        await websocket.send_denial_response(JSONResponse(answer, status_code=error.status))
        return
    await websocket.accept()
    try:
        await websocket.send_text(encode(receiver.welcome()))
        while True:
            try:
                frame = await receiver.receive(await _next_frame(websocket), sender)
                await websocket.send_text(write(frame))
            except KnownError as error:
                await websocket.send_text(encode(ErrorFrame(error.code, error.status == 503)))
                if isinstance(error, DeviceRefusedError):
                    await websocket.close(DEVICE_REFUSED)
                    return
                if isinstance(error, FrameTooLargeError):
                    await websocket.close(TOO_BIG)
                    return
    except WebSocketDisconnect:
        return


async def _next_frame(websocket: WebSocket) -> bytes:
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    raw: bytes | str = message.get("bytes") or message.get("text") or b""
    return raw if isinstance(raw, bytes) else raw.encode()


@asynccontextmanager
async def receiver_opened(app: FastAPI) -> AsyncIterator[None]:
    """The process's one Receiver, as ``app.state.receiver``; runs beside the requests."""
    async with receiving(app.state.system_url, app.state.keyring, app.state.clock) as receiver:
        app.state.receiver = receiver
        yield


router = APIRouter()
router.add_websocket_route(SOCKET_PATH, agent_socket)
