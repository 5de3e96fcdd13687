"""Asks the server to admit this device, once, with the token that the school's IT was given."""

from pathlib import Path

from agent.uplink.client import Requests
from agent.uplink.identity import Enrolment, Identity, enrolment_of, keep_enrolment
from shared.wire import ENROL_PATH


class EnrolmentRefusedError(RuntimeError):
    """The server does not accept this token: unknown, expired or used."""


class EnrolmentUnavailableError(RuntimeError):
    """No usable answer; asking again later is safe."""


def enrol(
    folder: Path, identity: Identity, requests: Requests, *, token: str, platform: str, agent_version: str
) -> Enrolment:
    """Ask for admission and keep what the server answers.

    Raises EnrolmentRefusedError on 403, EnrolmentUnavailableError on everything else that is not it.
    """
    content = identity.enrol_request(token, platform=platform, agent_version=agent_version)
    reply, answer = requests.post_json(ENROL_PATH, content)
    is_ours = isinstance(answer, dict)
    if reply.status == 403 and is_ours:
        raise EnrolmentRefusedError("the server does not accept this enrolment token")
    if reply.status not in {200, 201} or not is_ours:
        status = "no answer" if reply.status is None else f"status {reply.status}"
        raise EnrolmentUnavailableError(f"the server could not enrol this device ({status})")
    try:
        enrolment = enrolment_of(answer)
    except ValueError as error:
        raise EnrolmentUnavailableError("the server's enrolment answer is unusable") from error
    keep_enrolment(folder, enrolment)
    return enrolment
