"""Rows that the live queue's tests stand on: a trust, its people, a device, and events waiting for review."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.access.scope import Actor, Appointment
from server.evidence.domain import event_aad
from server.kit.sealing import Keyring, encrypt
from server.organisation.domain import Role
from shared.event import ContextPassage, EventBody, Mark
from shared.ids import AcademyId, StaffId, TrustId
from shared.taxonomy import Severity, Theme
from shared.wire import encode_body

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
"""A Wednesday, school is open, London is on GMT."""

PASSAGE = "i dont feel safe at home, my stepdad hits me when hes drunk"
EARLIER = "can we talk tomorrow"


class StillClock:
    """A clock that a test moves by hand."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.at

    def move(self, **by: float) -> None:
        """Let time pass, e.g. ``move(seconds=91)``."""
        self.at += timedelta(**by)


@dataclass
class School:
    """A trust with one academy, one device and the people a test appoints."""

    trust_id: TrustId
    academy_id: AcademyId
    device_id: UUID
    name: str
    people: list[Actor] = field(default_factory=list)


def found_school(session: Session, name: str = "Hill Academy") -> School:
    """Write a trust, an academy and an enrolled device."""
    school = School(TrustId(uuid4()), AcademyId(uuid4()), uuid4(), name)
    session.execute(text("INSERT INTO trust (id, name) VALUES (:id, 'Trust')"), {"id": school.trust_id})
    session.execute(
        text("INSERT INTO academy (id, trust_id, name, phase) VALUES (:id, :trust, :name, 'secondary')"),
        {"id": school.academy_id, "trust": school.trust_id, "name": name},
    )
    session.execute(
        text(
            "INSERT INTO device (id, academy_id, trust_id, public_key, platform, agent_version, enrolled_at)"
            " VALUES (:id, :academy, :trust, :key, 'linux', '1', now())"
        ),
        {
            "id": school.device_id,
            "academy": school.academy_id,
            "trust": school.trust_id,
            "key": uuid4().bytes + uuid4().bytes,
        },
    )
    return school


def appoint(session: Session, school: School, role: Role, name: str = "Sam Patel") -> Actor:
    """Write a member of staff with one appointment and give the Actor they are when signed in."""
    staff_id = StaffId(uuid4())
    academy_id = school.academy_id if role.is_of_an_academy else None
    session.execute(
        text("INSERT INTO staff (id, email, display_name, password_hash) VALUES (:id, :email, :name, 'x')"),
        {"id": staff_id, "email": f"{staff_id}@example.org", "name": name},
    )
    session.execute(
        text(
            "INSERT INTO appointment (id, staff_id, role, trust_id, academy_id, starts_on)"
            " VALUES (:id, :staff, :role, :trust, :academy, '2020-01-01')"
        ),
        {
            "id": uuid4(),
            "staff": staff_id,
            "role": role.value,
            "trust": school.trust_id,
            "academy": academy_id,
        },
    )
    reach = frozenset({school.academy_id}) if not role.is_review else frozenset()
    actor = Actor(
        staff_id,
        name,
        (
            Appointment(
                role, school.trust_id, "Trust", academy_id, school.name if academy_id else None, reach
            ),
        ),
    )
    school.people.append(actor)
    return actor


def enter_student(session: Session, school: School, given: str = "Maya", family: str = "Okafor") -> UUID:
    """Write a student of the academy."""
    student_id = uuid4()
    session.execute(
        text(
            "INSERT INTO student (id, academy_id, trust_id, mis_id, given_name, family_name, year_group,"
            " pseudonym, synced_at) VALUES (:id, :academy, :trust, :mis, :given, :family, 9, :pseudonym, now())"
        ),
        {
            "id": student_id,
            "academy": school.academy_id,
            "trust": school.trust_id,
            "mis": str(student_id),
            "given": given,
            "family": family,
            "pseudonym": student_id.hex[:8],
        },
    )
    return student_id


def body(passage: str = PASSAGE) -> EventBody:
    """What the device sealed."""
    return EventBody(
        passage=passage,
        deleted_text="",
        application="Notepad",
        window_title="Untitled",
        account="m.okafor",
        marks=(Mark(0, 24, Theme.ABUSE_DISCLOSURE),),
        context=(ContextPassage(EARLIER, NOON - timedelta(minutes=3)),),
    )


def queue_event(
    session: Session,
    keyring: Keyring,
    school: School,
    *,
    severity: Severity = Severity.LEVEL_4,
    sort_at: datetime = NOON + timedelta(minutes=15),
    received_at: datetime = NOON,
    student_id: UUID | None = None,
) -> UUID:
    """Write one received event and its review item, sealed as ingest would."""
    event_id = uuid4()
    key = keyring.new_data_key()
    session.execute(
        text("INSERT INTO record_key (id, wrapped) VALUES (:id, :wrapped)"),
        {"id": key.id, "wrapped": key.wrapped},
    )
    session.execute(
        text(
            "INSERT INTO event (id, device_id, academy_id, trust_id, student_id, student_pseudonym, age_band,"
            " occurred_at, received_at, theme, severity, probability, pack_version, application,"
            " schema_version, key_id, body, signature) VALUES (:id, :device, :academy, :trust, :student,"
            " '7F3A', '11-16', :received, :received, 'T05', :severity, 0.9, '2026.11.1', 'Notepad', 1,"
            " :key, :body, '')"
        ),
        {
            "id": event_id,
            "device": school.device_id,
            "academy": school.academy_id,
            "trust": school.trust_id,
            "student": student_id,
            "received": received_at,
            "severity": severity.value,
            "key": key.id,
            "body": encrypt(key.key, encode_body(body()), event_aad(event_id)),
        },
    )
    session.execute(
        text(
            "INSERT INTO review_item (event_id, trust_id, academy_id, band, sort_at, received_at)"
            " VALUES (:id, :trust, :academy, :band, :sort_at, :received)"
        ),
        {
            "id": event_id,
            "trust": school.trust_id,
            "academy": school.academy_id,
            "band": {5: 0, 4: 1}.get(severity.value, 2),
            "sort_at": sort_at,
            "received": received_at,
        },
    )
    return event_id
