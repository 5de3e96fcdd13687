"""Issues tokens and enrols devices as the doors do."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.enrolment.domain import ENROL_DOMAIN
from server.enrolment.enrol_device import EnrolCommand, Enrolled, enrol_device
from server.enrolment.issue_enrolment_token import issue_enrolment_token
from server.kit.db import Database
from tests.kit.clock import FakeClock
from tests.kit.organisation import Academy


def issue(database: Database, clock: FakeClock, academy: Academy, max_uses: int = 1) -> str:
    """A token of an academy."""
    with database.write() as session:
        return issue_enrolment_token(session, clock, academy_id=academy.id, max_uses=max_uses)


def public(key: Ed25519PrivateKey) -> bytes:
    """The raw public key."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def command(token: str, key: Ed25519PrivateKey | None = None) -> EnrolCommand:
    """A sound request to enrol with a token."""
    key = key or Ed25519PrivateKey.generate()
    return EnrolCommand(token, public(key), key.sign(ENROL_DOMAIN + token.encode()), "linux", "1.0.0")


def enrol(database: Database, clock: FakeClock, wanted: EnrolCommand) -> Enrolled:
    """Enrol in a transaction of its own."""
    with database.write() as session:
        return enrol_device(session, clock, wanted)
