"""Gives somebody a role at a Trust or an Academy, and an account if they have none yet.

Called by the command line and the demonstration, as the system role. The same address is the same
person: a further appointment leaves name and password as they are.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from server.administration.domain import AlreadyAppointedError, check_address, check_password, check_reach
from server.audit.domain import Author
from server.audit.write import write_audit
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import InvalidError, NotFoundError
from server.organisation.domain import Role
from server.organisation.repository import (
    find_academy,
    find_staff_by_email,
    find_trust,
    insert_appointment,
    insert_staff,
    list_appointments,
)
from server.sign_in.passwords import hash_password
from shared.ids import StaffId


@dataclass(frozen=True, slots=True)
class AppointCommand:
    """``password`` is needed only for somebody new. ``starts_on`` left out means today."""

    email: str
    display_name: str
    role: Role
    trust_id: UUID
    academy_id: UUID | None = None
    password: str | None = field(default=None, repr=False)
    starts_on: date | None = None
    ends_on: date | None = None


def appoint(session: WriteSession, author: Author, clock: Clock, command: AppointCommand) -> StaffId:
    """Who now holds the role. Raises NotFoundError, InvalidError and AlreadyAppointedError."""
    check_reach(command.role, has_academy=command.academy_id is not None)
    _check_place(session, command)
    today = clock.now().date()
    starts_on = command.starts_on or today
    if command.ends_on is not None and command.ends_on < starts_on:
        raise InvalidError("An appointment cannot end before it starts.")
    staff_id = _find_or_add(session, clock, command)
    held = list_appointments(session, staff_id, starts_on)
    if any((one.role, one.trust_id, one.academy_id) == _office(command) for one in held):
        raise AlreadyAppointedError("That person holds this role there already.")
    appointment_id = insert_appointment(
        session,
        staff_id=staff_id,
        role=command.role,
        trust_id=command.trust_id,
        academy_id=command.academy_id,
        starts_on=starts_on,
        ends_on=command.ends_on,
    )
    write_audit(
        session,
        author,
        verb="appointed",
        subject_kind="staff",
        subject_id=staff_id,
        trust_id=command.trust_id,
        academy_id=command.academy_id,
        details={"role": command.role.value, "appointment_id": str(appointment_id)},
    )
    return staff_id


def _office(command: AppointCommand) -> tuple[Role, UUID, UUID | None]:
    return command.role, command.trust_id, command.academy_id


def _check_place(session: WriteSession, command: AppointCommand) -> None:
    if find_trust(session, command.trust_id) is None:
        raise NotFoundError("There is no such trust.")
    if command.academy_id is None:
        return
    academy = find_academy(session, command.academy_id)
    if academy is None or academy.trust_id != command.trust_id:
        raise NotFoundError("There is no such academy in this trust.")


def _find_or_add(session: WriteSession, clock: Clock, command: AppointCommand) -> StaffId:
    address = check_address(command.email)
    known = find_staff_by_email(session, address)
    if known is not None:
        return StaffId(known.id)
    if command.password is None:
        raise InvalidError("Somebody new needs a first password.")
    check_password(command.password)
    if not command.display_name.strip():
        raise InvalidError("Somebody new needs a name.")
    return insert_staff(
        session,
        email=address,
        display_name=command.display_name.strip(),
        password_hash=hash_password(command.password),
        at=clock.now(),
    )
