"""Admits a device to the Academy of its enrolment token. The token fixes Trust and Academy for good."""

from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy.exc import IntegrityError

from server.audit.domain import DeviceAuthor
from server.audit.write import write_audit
from server.enrolment.domain import (
    ENROL_DOMAIN,
    PUBLIC_KEY_BYTES,
    BadTokenError,
    is_signed_by,
    plain_label,
    token_sha256,
)
from server.enrolment.repository import find_device_by_key, lock_token
from server.enrolment.tables import DeviceRow, EnrolmentTokenRow
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.organisation.repository import find_academy
from shared.ids import DeviceId


@dataclass(frozen=True, slots=True)
class EnrolCommand:
    """A device's request. ``proof`` shows that it holds the key it names and knows the token."""

    token: str = field(repr=False)
    public_key: bytes
    proof: bytes
    platform: str
    agent_version: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The device's new name, and the academy's, so that people can see on screen that it is the right one."""

    device_id: DeviceId
    academy_label: str
    is_new: bool


def enrol_device(session: WriteSession, clock: Clock, command: EnrolCommand) -> Enrolled:
    """Admit the device, or answer as before if it asks again. Raises BadTokenError."""
    if len(command.public_key) != PUBLIC_KEY_BYTES or not is_signed_by(
        command.public_key, command.proof, ENROL_DOMAIN + command.token.encode()
    ):
        raise BadTokenError
    # The row stays locked until the end: the last use of a token cannot be spent twice.
    token = lock_token(session, token_sha256(command.token))
    if token is None:
        raise BadTokenError
    device = find_device_by_key(session, command.public_key)
    if device is not None:
        # An answer that was lost on the way is given again, even if it spent the token's last use.
        if device.academy_id != token.academy_id or device.revoked_at is not None:
            raise BadTokenError
        return Enrolled(DeviceId(device.id), _label(session, token), is_new=False)
    if token.expires_at <= clock.now() or token.uses >= token.max_uses:
        raise BadTokenError
    token.uses += 1
    return _admit(session, clock, command, token)


def _admit(session: WriteSession, clock: Clock, command: EnrolCommand, token: EnrolmentTokenRow) -> Enrolled:
    now = clock.now()
    device = DeviceRow(
        id=uuid4(),
        academy_id=token.academy_id,
        trust_id=token.trust_id,
        public_key=command.public_key,
        platform=plain_label(command.platform),
        agent_version=plain_label(command.agent_version),
        enrolled_at=now,
        last_seen_at=now,
        state="enrolled",
        counters={},
        reasons=[],
    )
    session.add(device)
    try:
        session.flush()
    except IntegrityError as error:  # the same key through another token, at the same moment
        raise BadTokenError from error
    write_audit(
        session,
        DeviceAuthor(device.id),
        verb="enrolled",
        subject_kind="device",
        subject_id=device.id,
        trust_id=token.trust_id,
        academy_id=token.academy_id,
    )
    return Enrolled(DeviceId(device.id), _label(session, token), is_new=True)


def _label(session: WriteSession, token: EnrolmentTokenRow) -> str:
    academy = find_academy(session, token.academy_id)
    return academy.name if academy else ""
