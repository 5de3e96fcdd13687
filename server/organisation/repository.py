"""Every query on trusts, academies, staff and appointments.

Takes ids and days, gives rows and plain values. It decides nothing about who may ask: ``access`` does.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from server.kit.db import WriteSession
from server.organisation.domain import AppointmentRecord, Colleague, Phase, Role
from server.organisation.tables import AcademyRow, AppointmentRow, StaffRow, TrustRow
from shared.ids import AcademyId, StaffId, TrustId


def find_trust(session: Session, trust_id: UUID) -> TrustRow | None:
    """The Trust, or None."""
    return session.get(TrustRow, trust_id)


def find_academy(session: Session, academy_id: UUID) -> AcademyRow | None:
    """The Academy, or None."""
    return session.get(AcademyRow, academy_id)


def find_staff(session: Session, staff_id: UUID) -> StaffRow | None:
    """The member of staff, or None."""
    return session.get(StaffRow, staff_id)


def find_staff_by_email(session: Session, email: str) -> StaffRow | None:
    """The member of staff with this address, whatever its case."""
    return session.scalars(
        select(StaffRow).where(func.lower(StaffRow.email) == email.strip().lower())
    ).one_or_none()


def list_academies(session: Session, trust_id: UUID) -> Sequence[AcademyRow]:
    """Every Academy of a Trust, by name."""
    return session.scalars(
        select(AcademyRow).where(AcademyRow.trust_id == trust_id).order_by(AcademyRow.name)
    ).all()


def list_appointments(session: Session, staff_id: UUID, on: date) -> list[AppointmentRecord]:
    """What somebody is appointed to on a day, oldest first."""
    rows = session.execute(
        select(AppointmentRow, TrustRow.name, AcademyRow.name)
        .join(TrustRow, TrustRow.id == AppointmentRow.trust_id)
        .outerjoin(AcademyRow, AcademyRow.id == AppointmentRow.academy_id)
        .where(AppointmentRow.staff_id == staff_id)
        .where(AppointmentRow.starts_on <= on)
        .where(or_(AppointmentRow.ends_on.is_(None), AppointmentRow.ends_on >= on))
        .order_by(AppointmentRow.starts_on, AppointmentRow.id)
    )
    return [
        AppointmentRecord(
            role=Role(row.role),
            trust_id=TrustId(row.trust_id),
            trust_name=trust_name,
            academy_id=AcademyId(row.academy_id) if row.academy_id else None,
            academy_name=academy_name,
        )
        for row, trust_name, academy_name in rows
    ]


def list_colleagues(
    session: Session, academy_ids: Iterable[UUID], roles: Iterable[Role], on: date
) -> list[Colleague]:
    """Active staff appointed to these academies in these roles on a day, DSLs before deputies, then by name."""
    statement = (
        _active_on(on)
        .where(AppointmentRow.academy_id.in_(list(academy_ids)))
        .where(AppointmentRow.role.in_([role.value for role in roles]))
    )
    return _to_colleagues(session, statement)


def list_trust_officers(session: Session, trust_id: UUID, on: date) -> list[Colleague]:
    """Active safeguarding officers of a Trust on a day."""
    statement = (
        _active_on(on)
        .where(AppointmentRow.trust_id == trust_id)
        .where(AppointmentRow.role == Role.TRUST_OFFICER.value)
    )
    return _to_colleagues(session, statement)


def _active_on(on: date) -> Select[UUID, str, str, str]:
    return (
        select(StaffRow.id, StaffRow.display_name, StaffRow.email, AppointmentRow.role)
        .join(AppointmentRow, AppointmentRow.staff_id == StaffRow.id)
        .where(StaffRow.is_active.is_(True))
        .where(AppointmentRow.starts_on <= on)
        .where(or_(AppointmentRow.ends_on.is_(None), AppointmentRow.ends_on >= on))
    )


def _to_colleagues(session: Session, statement: Select[UUID, str, str, str]) -> list[Colleague]:
    found: dict[UUID, Colleague] = {}
    ordered = statement.order_by(AppointmentRow.role.desc(), StaffRow.display_name)
    for staff_id, display_name, email, role in session.execute(ordered):
        # "dsl" sorts after "deputy_dsl", so descending order puts the DSL first; the first role wins.
        found.setdefault(staff_id, Colleague(StaffId(staff_id), display_name, email, Role(role)))
    return list(found.values())


def insert_trust(session: WriteSession, *, name: str, at: datetime) -> TrustId:
    """Write a new Trust."""
    row = TrustRow(id=uuid4(), name=name, created_at=at)
    session.add(row)
    session.flush()
    return TrustId(row.id)


def insert_academy(
    session: WriteSession, *, trust_id: UUID, name: str, phase: Phase, at: datetime, urn: str = ""
) -> AcademyId:
    """Write a new Academy of a Trust."""
    row = AcademyRow(id=uuid4(), trust_id=trust_id, name=name, phase=phase.value, urn=urn, created_at=at)
    session.add(row)
    session.flush()
    return AcademyId(row.id)


def insert_staff(
    session: WriteSession, *, email: str, display_name: str, password_hash: str, at: datetime
) -> StaffId:
    """Write a new member of staff; the address must not be in use."""
    row = StaffRow(
        id=uuid4(),
        email=email.strip(),
        display_name=display_name,
        password_hash=password_hash,
        is_active=True,
        created_at=at,
    )
    session.add(row)
    session.flush()
    return StaffId(row.id)


def insert_appointment(
    session: WriteSession,
    *,
    staff_id: UUID,
    role: Role,
    trust_id: UUID,
    academy_id: UUID | None,
    starts_on: date,
    ends_on: date | None = None,
) -> UUID:
    """Write a new appointment. Roles of an Academy need one; the others must not name one (the table checks)."""
    row = AppointmentRow(
        id=uuid4(),
        staff_id=staff_id,
        role=role.value,
        trust_id=trust_id,
        academy_id=academy_id,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    session.add(row)
    session.flush()
    return row.id
