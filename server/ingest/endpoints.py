"""The HTTPS carrier, and the door for screenshots. Plain Starlette routes: every microsecond here is per event."""

from uuid import UUID

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.enrolment.domain import DeviceRefusedError, Sender
from server.evidence.store_screenshot import SentScreenshot, store_screenshot
from server.ingest.domain import MAX_BLOB_BYTES, is_sha256
from server.ingest.quick_json import write
from server.ingest.receive import Receiver
from server.ingest.unpack import FrameTooLargeError, MalformedError
from server.kit.errors import KnownError
from shared.wire import BATCH_PATH, BLOB_PATH, MAX_FRAME_BYTES, ErrorFrame, encode

RETRY_AFTER_S = "5"


async def post_batch(request: Request) -> Response:
    """One frame in the body, its answer in the response; errors as an ErrorFrame under their status."""
    receiver: Receiver = request.app.state.receiver
    try:
        sender = await receiver.authenticate(request.headers.get("authorization"))
        frame = await receiver.receive(await _body(request, MAX_FRAME_BYTES), sender)
    except KnownError as error:
        return _refusal(error)
    return Response(write(frame), media_type="application/json")


async def put_blob(request: Request) -> Response:
    """A sealed screenshot: 201 when it is new, 200 when it was here, 404 while its event is not."""
    receiver: Receiver = request.app.state.receiver
    try:
        sender = await receiver.authenticate(request.headers.get("authorization"))
        sent = await _screenshot(request, sender)
        is_new = await run_in_threadpool(_store, request, sent)
    except KnownError as error:
        return _refusal(error)
    return JSONResponse({"sha256": sent.sha256}, status_code=201 if is_new else 200)


async def _screenshot(request: Request, sender: Sender) -> SentScreenshot:
    sha256 = request.path_params["sha256"]
    try:
        event_id = UUID(request.query_params.get("event_id", ""))
    except ValueError as error:
        raise MalformedError from error
    if not is_sha256(sha256):
        raise MalformedError
    return SentScreenshot(sender.device_id, event_id, sha256, await _body(request, MAX_BLOB_BYTES))


def _store(request: Request, sent: SentScreenshot) -> bool:
    state = request.app.state
    with state.system_database.write() as session:
        return store_screenshot(session, state.clock, sent, keyring=state.keyring, blobs=state.blobs)


async def _body(request: Request, limit: int) -> bytes:
    # Counted as it comes: a length header may be missing or may lie.
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise FrameTooLargeError
        parts.append(part)
    return b"".join(parts)


def _refusal(error: KnownError) -> Response:
    headers = {"Retry-After": RETRY_AFTER_S} if error.status == 503 else None
    # A device that was refused may try again with a fresh token; nothing it holds is lost by that.
    is_retryable = error.status == 503 or isinstance(error, DeviceRefusedError)
    body = encode(ErrorFrame(error.code, is_retryable))
    return Response(body, error.status, headers=headers, media_type="application/json")


router = APIRouter()
router.add_route(BATCH_PATH, post_batch, methods=["POST"])
router.add_route(BLOB_PATH + "{sha256}", put_blob, methods=["PUT"])
