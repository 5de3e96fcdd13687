"""Plants the invented trust: three academies of different phases, staff for every role, 300 students.

Everything goes through the verbs an administrator would use and through the real importers.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from server.administration.add_academy import add_academy
from server.administration.add_trust import add_trust
from server.administration.appoint import AppointCommand, appoint
from server.audit.domain import SYSTEM
from server.demonstration.roster import ACADEMIES, write_roster
from server.kit.clock import Clock
from server.kit.db import Database
from server.mis.import_roster import import_roster
from server.mis.import_summaries import import_attendance, import_behaviour
from server.organisation.domain import Phase, Role

TRUST_NAME = "Wrenfield Learning Trust (demo)"
HISTORY_DAYS = 28


@dataclass(frozen=True, slots=True)
class Player:
    """One invented member of staff; ``org_id`` names the academy for the roles that have one."""

    role: Role
    email: str
    display_name: str
    sees: str
    org_id: str | None = None


PLAYERS = (
    Player(Role.MODERATOR, "moderator@demo.example", "Moderator 12", "the live queue, without names"),
    Player(Role.MODERATOR, "moderator2@demo.example", "Moderator 27", "the same queue"),
    Player(Role.MODERATION_LEAD, "lead@demo.example", "Lead 3", "the queue, as its lead"),
    Player(Role.DSL, "dsl@demo.example", "Morwenna Tate", "Alderbrook's alerts and records", "org-secondary"),
    Player(Role.DEPUTY_DSL, "deputy@demo.example", "Joel Abiola", "the same, as deputy", "org-secondary"),
    Player(Role.DSL, "dsl.primary@demo.example", "Sian Hartley", "Fernhollow's", "org-primary"),
    Player(
        Role.DEPUTY_DSL, "deputy.primary@demo.example", "Ravi Sethi", "Fernhollow's, as deputy", "org-primary"
    ),
    Player(Role.DSL, "dsl.sixth@demo.example", "Greta Olsen", "Kingsmoor's", "org-sixth"),
    Player(Role.DEPUTY_DSL, "deputy.sixth@demo.example", "Tom Ferris", "Kingsmoor's, as deputy", "org-sixth"),
    Player(Role.TRUST_OFFICER, "trust@demo.example", "Helena Marsh", "the trust board, counted and timed"),
)


@dataclass(frozen=True, slots=True)
class Planted:
    """The ids of what was planted."""

    trust_id: UUID
    academies: dict[str, UUID]
    """By the roster's org id."""
    staff: dict[str, UUID]
    """By e-mail."""


def plant(
    database: Database, clock: Clock, *, folder: Path, machine_account: str, passphrase: str
) -> Planted:
    """Make everything in one transaction under the system role; ``folder`` keeps the MIS files it read."""
    today = clock.now().date()
    files = write_roster(folder, today=today, machine_account=machine_account)
    with database.write() as session:
        trust_id = add_trust(session, SYSTEM, clock, name=TRUST_NAME)
        academies = {
            one.org_id: add_academy(
                session, SYSTEM, clock, trust_id=trust_id, name=one.name, phase=Phase(one.phase)
            )
            for one in ACADEMIES
        }
        staff = {}
        for player in PLAYERS:
            command = AppointCommand(
                email=player.email,
                display_name=player.display_name,
                role=player.role,
                trust_id=trust_id,
                academy_id=academies[player.org_id] if player.org_id else None,
                password=passphrase,
                starts_on=today - timedelta(days=HISTORY_DAYS),
            )
            staff[player.email] = appoint(session, SYSTEM, clock, command)
        import_roster(session, clock, trust_id=trust_id, path=files.roster_zip)
        for org_id, academy_id in academies.items():
            import_attendance(session, clock, academy_id=academy_id, path=files.attendance[org_id])
            import_behaviour(session, clock, academy_id=academy_id, path=files.behaviour[org_id])
    return Planted(trust_id, dict(academies), dict(staff))
