"""Makes trusts, academies, staff and their appointments. Every call makes fresh ids; names are invented."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from server.access.scope import Actor, load_actor
from server.kit.db import Database
from server.organisation.domain import Phase, Role
from server.organisation.repository import (
    insert_academy,
    insert_appointment,
    insert_staff,
    insert_trust,
)
from shared.ids import AcademyId, StaffId, TrustId
from tests.kit.clock import MONDAY

# Argon2 takes a twentieth of a second on purpose; only tests of signing in need a real hash.
NO_PASSWORD = "no password opens this"
TODAY: date = MONDAY.date()
LONG_AGO: date = (MONDAY - timedelta(days=400)).date()


@dataclass(frozen=True, slots=True)
class Trust:
    """A trust that exists."""

    id: TrustId
    name: str


@dataclass(frozen=True, slots=True)
class Academy:
    """An academy that exists."""

    id: AcademyId
    trust_id: TrustId
    name: str


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff that exists, with at least one role."""

    id: StaffId
    email: str
    display_name: str
    role: Role


def make_trust(system_database: Database, *, name: str = "Fen Edge Trust") -> Trust:
    """A new trust."""
    with system_database.write() as session:
        return Trust(insert_trust(session, name=name, at=MONDAY), name)


def make_academy(
    system_database: Database,
    trust: Trust | None = None,
    *,
    name: str = "Marsh Lane Academy",
    phase: Phase = Phase.SECONDARY,
) -> Academy:
    """A new academy, of a new trust unless one is given."""
    trust = trust or make_trust(system_database)
    with system_database.write() as session:
        academy_id = insert_academy(session, trust_id=trust.id, name=name, phase=phase, at=MONDAY)
    return Academy(academy_id, trust.id, name)


def make_staff(
    system_database: Database,
    role: Role,
    *,
    trust: Trust | None = None,
    academy: Academy | None = None,
    password_hash: str = NO_PASSWORD,
    display_name: str = "",
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
) -> Staff:
    """A new member of staff with one role; what it belongs to is made unless given."""
    if role.is_of_an_academy and academy is None:
        academy = make_academy(system_database, trust)
    trust_id = academy.trust_id if academy else (trust or make_trust(system_database)).id
    name = display_name or f"{role.value.replace('_', ' ').title()} {uuid4().hex[:4]}"
    email = f"{uuid4().hex[:12]}@staff.test"
    with system_database.write() as session:
        staff_id = insert_staff(
            session, email=email, display_name=name, password_hash=password_hash, at=MONDAY
        )
        insert_appointment(
            session,
            staff_id=staff_id,
            role=role,
            trust_id=trust_id,
            academy_id=academy.id if role.is_of_an_academy and academy else None,
            starts_on=starts_on,
            ends_on=ends_on,
        )
    return Staff(staff_id, email, name, role)


def appoint(
    system_database: Database,
    staff: Staff,
    role: Role,
    *,
    trust: Trust | None = None,
    academy: Academy | None = None,
) -> None:
    """One more role for somebody."""
    trust_id: UUID | None = academy.trust_id if academy else trust.id if trust else None
    assert trust_id is not None, "name a trust or an academy"
    with system_database.write() as session:
        insert_appointment(
            session,
            staff_id=staff.id,
            role=role,
            trust_id=trust_id,
            academy_id=academy.id if role.is_of_an_academy and academy else None,
            starts_on=LONG_AGO,
        )


def actor_for(system_database: Database, staff: Staff, *, on: date = TODAY) -> Actor:
    """The Actor a verb takes, as access would make it on that day."""
    with system_database.read() as session:
        actor = load_actor(session, staff.id, on)
    assert actor is not None
    return actor


def make_actor(
    system_database: Database, role: Role, *, trust: Trust | None = None, academy: Academy | None = None
) -> Actor:
    """A new member of staff, as an Actor."""
    return actor_for(system_database, make_staff(system_database, role, trust=trust, academy=academy))
