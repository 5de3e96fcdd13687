"""The one place that says whose rows somebody may see.

An Actor is made from appointments that hold today. Its ``database_scope`` becomes the settings that
row-level security reads, so that a query that forgets to ask still sees nothing it should not.
"""

from dataclasses import dataclass
from datetime import date
from typing import NewType
from uuid import UUID

from sqlalchemy.orm import Session

from server.access.permissions import Permission, permissions_of
from server.audit.domain import AuthorKind
from server.kit.errors import NotFoundError
from server.organisation.domain import Role
from server.organisation.repository import find_staff, list_academies, list_appointments
from shared.ids import AcademyId, StaffId, TrustId

AccessibleAcademyId = NewType("AccessibleAcademyId", UUID)
"""An Academy that an Actor has been found to reach. Only this module makes one."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """One role and how far it reaches. ``reach`` is the one Academy, or every Academy of the Trust."""

    role: Role
    trust_id: TrustId
    trust_name: str
    academy_id: AcademyId | None
    academy_name: str | None
    reach: frozenset[AcademyId]


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff who is signed in, with everything they are appointed to today."""

    staff_id: StaffId
    display_name: str
    appointments: tuple[Appointment, ...]

    @property
    def author_kind(self) -> AuthorKind:
        """An Actor writes to the audit as staff."""
        return AuthorKind.STAFF

    @property
    def author_id(self) -> UUID:
        """Whose name stands in the audit."""
        return self.staff_id

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything this person may do."""
        return permissions_of(appointment.role for appointment in self.appointments)

    @property
    def review_trusts(self) -> frozenset[TrustId]:
        """Trusts whose events this person reviews without seeing names."""
        return frozenset(one.trust_id for one in self.appointments if one.role.is_review)

    @property
    def record_academies(self) -> frozenset[AccessibleAcademyId]:
        """Academies whose safeguarding records this person keeps."""
        return self._reached(Role.DSL, Role.DEPUTY_DSL)

    @property
    def board_academies(self) -> frozenset[AccessibleAcademyId]:
        """Academies this person sees counted and timed."""
        return self._reached(Role.DSL, Role.DEPUTY_DSL, Role.TRUST_OFFICER)

    @property
    def board_trusts(self) -> frozenset[TrustId]:
        """Trusts this person answers for as a whole."""
        return frozenset(one.trust_id for one in self.appointments if one.role is Role.TRUST_OFFICER)

    def may(self, permission: Permission) -> bool:
        """Whether any of the roles gives it."""
        return permission in self.permissions

    def record_academy(self, academy_id: UUID) -> AccessibleAcademyId:
        """The same id as one this person may keep records of; NotFoundError if it is not."""
        return _member(academy_id, self.record_academies)

    def board_academy(self, academy_id: UUID) -> AccessibleAcademyId:
        """The same id as one this person may see counted; NotFoundError if it is not."""
        return _member(academy_id, self.board_academies)

    def database_scope(self) -> dict[str, str]:
        """The transaction settings that row-level security reads."""
        return {
            "app.actor_id": str(self.staff_id),
            "app.review_trusts": _joined(self.review_trusts),
            "app.record_academies": _joined(self.record_academies),
            "app.board_academies": _joined(self.board_academies),
        }

    def _reached(self, *roles: Role) -> frozenset[AccessibleAcademyId]:
        return frozenset(
            AccessibleAcademyId(academy)
            for one in self.appointments
            if one.role in roles
            for academy in one.reach
        )


def load_actor(session: Session, staff_id: UUID, on: date) -> Actor | None:
    """The Actor of an active member of staff on a day; None if they are unknown or have left.

    Runs as the system role: what somebody reaches must be known before row-level security can act on it.
    """
    staff = find_staff(session, staff_id)
    if staff is None or not staff.is_active:
        return None
    appointments = []
    for record in list_appointments(session, staff_id, on):
        if record.academy_id is not None:
            reach = frozenset({record.academy_id})
        elif record.role is Role.TRUST_OFFICER:
            reach = frozenset(AcademyId(row.id) for row in list_academies(session, record.trust_id))
        else:
            reach = frozenset()
        appointments.append(
            Appointment(
                role=record.role,
                trust_id=record.trust_id,
                trust_name=record.trust_name,
                academy_id=record.academy_id,
                academy_name=record.academy_name,
                reach=reach,
            )
        )
    return Actor(StaffId(staff.id), staff.display_name, tuple(appointments))


def _member(academy_id: UUID, among: frozenset[AccessibleAcademyId]) -> AccessibleAcademyId:
    accessible = AccessibleAcademyId(academy_id)
    if accessible not in among:
        raise NotFoundError("There is no such academy.")
    return accessible


def _joined(ids: frozenset[TrustId] | frozenset[AccessibleAcademyId]) -> str:
    return ",".join(sorted(str(one) for one in ids))
