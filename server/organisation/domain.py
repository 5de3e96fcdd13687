"""Roles and the appointments that give them, as plain values."""

from dataclasses import dataclass
from enum import StrEnum

from shared.ids import AcademyId, StaffId, TrustId


class Role(StrEnum):
    """What a member of staff is appointed to be; the database checks the same words."""

    MODERATOR = "moderator"
    MODERATION_LEAD = "moderation_lead"
    DSL = "dsl"
    DEPUTY_DSL = "deputy_dsl"
    TRUST_OFFICER = "trust_officer"

    @property
    def is_of_an_academy(self) -> bool:
        """True for the roles that one Academy gives; the others belong to a Trust."""
        return self in (Role.DSL, Role.DEPUTY_DSL)

    @property
    def is_review(self) -> bool:
        """True for the roles that review events and see no names."""
        return self in (Role.MODERATOR, Role.MODERATION_LEAD)


class Phase(StrEnum):
    """What ages an Academy teaches."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    ALL_THROUGH = "all_through"
    SIXTEEN_PLUS = "sixteen_plus"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True)
class AppointmentRecord:
    """One appointment that holds today, with the names a screen shows."""

    role: Role
    trust_id: TrustId
    trust_name: str
    academy_id: AcademyId | None
    academy_name: str | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as another may know them."""

    staff_id: StaffId
    display_name: str
    email: str
    role: Role
