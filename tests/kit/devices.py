"""A device as the server sees one: an Ed25519 key, sealed and signed frames, and whatever a bad one would send."""

import hashlib
import os
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.enrolment.access_token import AccessTokens
from server.enrolment.domain import ENROL_DOMAIN, Sender
from server.enrolment.enrol_device import EnrolCommand, enrol_device
from server.enrolment.issue_enrolment_token import issue_enrolment_token
from server.evidence.domain import blob_aad, body_aad
from server.kit.clock import Clock
from server.kit.db import Database
from server.kit.sealing import Keyring, seal_to
from server.mis.repository import replace_accounts
from server.mis.tables import StudentRow
from shared.event import EventBody, EventHeader, Mark
from shared.ids import DeviceId, uuid7
from shared.taxonomy import Severity, Theme
from shared.wire import EventItem, EventsFrame, HeartbeatFrame, encode, encode_body, to_base64
from tests.kit.clock import MONDAY
from tests.kit.organisation import Academy, make_academy

PASSAGE = "i dont feel safe at home, my stepdad hits me when hes drunk"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


@dataclass
class Device:
    """An enrolled device and its secrets."""

    sender: Sender
    academy: Academy
    key: Ed25519PrivateKey
    keyring: Keyring
    sent_at: datetime = field(default=MONDAY)

    @property
    def id(self) -> UUID:
        """The device's id."""
        return self.sender.device_id

    def bearer(self, at: datetime = MONDAY) -> dict[str, str]:
        """The header of a request made while a token issued at ``at`` holds."""
        return {"Authorization": f"Bearer {AccessTokens(self.keyring).write(self.id, at)}"}

    def item(
        self,
        *,
        event_id: UUID | None = None,
        severity: Severity = Severity.LEVEL_4,
        theme: Theme = Theme.ABUSE_DISCLOSURE,
        account: str = "mokafor",
        occurred_at: datetime = MONDAY,
        evidence_sha256: str | None = None,
        reasons: tuple[str, ...] = ("term:12",),
        body: bytes | None = None,
    ) -> EventItem:
        """One event as this device would send it."""
        event_id = event_id or new_event_id()
        header = EventHeader(
            id=event_id,
            occurred_at=occurred_at,
            theme=theme,
            severity=severity,
            probability=0.875,
            pack_version="2026.11.1",
            reasons=reasons,
            evidence_sha256=evidence_sha256,
            dedup_key="ab" * 32,
        )
        plain = body if body is not None else encode_body(a_body(account))
        return EventItem(header, to_base64(seal_to(self.keyring.server_public, plain, body_aad(event_id))))

    def frame(self, *items: EventItem, device_id: UUID | None = None) -> EventsFrame:
        """A signed batch."""
        unsigned = EventsFrame(uuid4(), device_id or self.id, self.sent_at, items)
        return replace(unsigned, signature=to_base64(self.key.sign(unsigned.signed_bytes())))

    def batch(self, *items: EventItem) -> bytes:
        """A signed batch as it travels."""
        return encode(self.frame(*items)).encode()

    def heartbeat(self, **fields: object) -> bytes:
        """A heartbeat as it travels."""
        frame = HeartbeatFrame(self.id, self.sent_at, "1.2.0", "2026.11.1", "watching", {"flags": 3}, ("ok",))
        return encode(replace(frame, **fields)).encode()  # type: ignore[arg-type]

    def screenshot(self, event_id: UUID, picture: bytes = PNG) -> tuple[str, bytes]:
        """A sealed screenshot: the name it travels by, and its bytes."""
        sealed = seal_to(self.keyring.server_public, picture, blob_aad(event_id))
        return hashlib.sha256(sealed).hexdigest(), sealed


def a_body(account: str = "mokafor", passage: str = PASSAGE) -> EventBody:
    """What a student typed, mildly."""
    return EventBody(
        passage=passage,
        deleted_text="",
        application="Notepad",
        window_title="Untitled",
        account=account,
        marks=(Mark(0, 24, Theme.ABUSE_DISCLOSURE),),
    )


def new_event_id() -> UUID:
    """An id as a device makes one."""
    return UUID(int=uuid7(int(MONDAY.timestamp() * 1000), os.urandom(10)).int)


def make_device(
    system_database: Database, clock: Clock, keyring: Keyring, academy: Academy | None = None
) -> Device:
    """A device enrolled with a real token, at a new academy unless one is given."""
    academy = academy or make_academy(system_database)
    key = Ed25519PrivateKey.generate()
    public_key = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    with system_database.write() as session:
        token = issue_enrolment_token(session, clock, academy_id=academy.id)
        proof = key.sign(ENROL_DOMAIN + token.encode())
        enrolled = enrol_device(session, clock, EnrolCommand(token, public_key, proof, "linux", "1.0"))
    sender = Sender(DeviceId(enrolled.device_id), academy.id, academy.trust_id, public_key)
    return Device(sender, academy, key, keyring, clock.now())


def make_student(
    system_database: Database, academy: Academy, *, account: str = "mokafor", **fields: object
) -> UUID:
    """A student of the academy who signs in as ``account``."""
    student_id = uuid4()
    values: dict[str, object] = {
        "mis_id": f"mis-{student_id.hex[:8]}",
        "given_name": "Maya",
        "family_name": "Okafor",
        "date_of_birth": (MONDAY - timedelta(days=365 * 14)).date(),
        "year_group": 9,
        "pseudonym": student_id.hex[:8].upper(),
        "synced_at": MONDAY,
        **fields,
    }
    with system_database.write() as session:
        session.add(StudentRow(id=student_id, academy_id=academy.id, trust_id=academy.trust_id, **values))
        session.flush()
        replace_accounts(session, {(academy.id, account): student_id}, [student_id])
    return student_id
