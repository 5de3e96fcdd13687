"""Makes devices, students and events that wait for review, sealed as ingest seals them."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from server.evidence.domain import event_aad
from server.ingest.domain import unreviewed_at
from server.kit.db import Database
from server.kit.sealing import Keyring, encrypt
from shared.event import ContextPassage, EventBody, Mark
from shared.taxonomy import Severity, Theme
from shared.wire import encode_body
from tests.kit.clock import MONDAY
from tests.kit.organisation import Academy

PASSAGE = "i dont feel safe at home, my stepdad hits me when hes drunk"
EARLIER = "can we talk tomorrow"
BANDS = {5: 0, 4: 1}


def make_device(system_database: Database, academy: Academy) -> UUID:
    """An enrolled device of an academy."""
    device_id = uuid4()
    with system_database.write() as session:
        session.execute(
            text(
                "INSERT INTO device (id, academy_id, trust_id, public_key, platform, agent_version, enrolled_at)"
                " VALUES (:id, :academy, :trust, :key, 'linux', '1', :at)"
            ),
            {
                "id": device_id,
                "academy": academy.id,
                "trust": academy.trust_id,
                "key": uuid4().bytes + uuid4().bytes,
                "at": MONDAY,
            },
        )
    return device_id


def make_known_student(
    system_database: Database, academy: Academy, *, given: str = "Maya", family: str = "Okafor"
) -> UUID:
    """A student of an academy."""
    student_id = uuid4()
    with system_database.write() as session:
        session.execute(
            text(
                "INSERT INTO student (id, academy_id, trust_id, mis_id, given_name, family_name, year_group,"
                " pseudonym, synced_at) VALUES (:id, :academy, :trust, :mis, :given, :family, 9, :mis, :at)"
            ),
            {
                "id": student_id,
                "academy": academy.id,
                "trust": academy.trust_id,
                "mis": str(student_id),
                "given": given,
                "family": family,
                "at": MONDAY,
            },
        )
    return student_id


def disclosure() -> EventBody:
    """What the device sealed."""
    return EventBody(
        passage=PASSAGE,
        deleted_text="sometimes",
        application="Notepad",
        window_title="Untitled",
        account="m.okafor",
        marks=(Mark(26, len(PASSAGE), Theme.ABUSE_DISCLOSURE),),
        context=(ContextPassage(EARLIER, MONDAY - timedelta(minutes=3)),),
    )


def queue_event(
    system_database: Database,
    keyring: Keyring,
    academy: Academy,
    *,
    device_id: UUID | None = None,
    severity: Severity = Severity.LEVEL_4,
    received_at: datetime = MONDAY,
    student_id: UUID | None = None,
    evidence_sha256: str | None = None,
) -> UUID:
    """One received event and its place in the queue."""
    event_id = uuid4()
    device_id = device_id or make_device(system_database, academy)
    key = keyring.new_data_key()
    with system_database.write() as session:
        session.execute(
            text("INSERT INTO record_key (id, wrapped) VALUES (:id, :wrapped)"),
            {"id": key.id, "wrapped": key.wrapped},
        )
        session.execute(
            text(
                "INSERT INTO event (id, device_id, academy_id, trust_id, student_id, student_pseudonym, age_band,"
                " occurred_at, received_at, theme, severity, probability, pack_version, reasons, application,"
                " schema_version, key_id, body, evidence_sha256, signature) VALUES (:id, :device, :academy,"
                " :trust, :student, '7F3A', '11-16', :at, :at, 'T05', :severity, 0.9, '2026.11.1', '{home.hit}',"
                " 'Notepad', 1, :key, :body, :evidence, '')"
            ),
            {
                "id": event_id,
                "device": device_id,
                "academy": academy.id,
                "trust": academy.trust_id,
                "student": student_id,
                "at": received_at,
                "severity": severity.value,
                "key": key.id,
                "body": encrypt(key.key, encode_body(disclosure()), event_aad(event_id)),
                "evidence": evidence_sha256,
            },
        )
        session.execute(
            text(
                "INSERT INTO review_item (event_id, trust_id, academy_id, band, sort_at, received_at)"
                " VALUES (:id, :trust, :academy, :band, :sort_at, :at)"
            ),
            {
                "id": event_id,
                "trust": academy.trust_id,
                "academy": academy.id,
                "band": BANDS.get(severity.value, 2),
                "sort_at": received_at + timedelta(minutes=15),
                "at": received_at,
            },
        )
        due_at = unreviewed_at(severity, received_at)
        if due_at is not None:
            session.execute(
                text("INSERT INTO review_deadline (due_at, event_id) VALUES (:due_at, :id)"),
                {"due_at": due_at, "id": event_id},
            )
    return event_id
