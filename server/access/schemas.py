"""What /api/me answers."""

from uuid import UUID

from pydantic import BaseModel

from server.access.scope import Actor


class AppointmentView(BaseModel):
    """One role and where it holds."""

    role: str
    trust_id: UUID
    trust_name: str
    academy_id: UUID | None
    academy_name: str | None


class ActorView(BaseModel):
    """Who is signed in and what they may do; the page shows only what is listed here."""

    staff_id: UUID
    display_name: str
    appointments: list[AppointmentView]
    permissions: list[str]

    @classmethod
    def of(cls, actor: Actor) -> "ActorView":
        """The Actor as the page sees them."""
        return cls(
            staff_id=actor.staff_id,
            display_name=actor.display_name,
            appointments=[
                AppointmentView(
                    role=one.role.value,
                    trust_id=one.trust_id,
                    trust_name=one.trust_name,
                    academy_id=one.academy_id,
                    academy_name=one.academy_name,
                )
                for one in actor.appointments
            ],
            permissions=sorted(permission.value for permission in actor.permissions),
        )
