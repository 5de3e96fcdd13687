"""Walks an event along the chain with the real verbs, and mail that is recorded instead of sent."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text

from server.access.scope import Actor
from server.ingest.domain import unreviewed_at
from server.kit.clock import Clock
from server.kit.db import Database
from server.kit.sealing import Keyring
from server.live_queue.claim import claim_event
from server.moderation.dismiss import dismiss
from server.moderation.domain import DismissCommand, GradeCommand
from server.moderation.grade import grade
from server.notification.channels import ChannelError, Mail
from server.notification.deliver import deliver
from server.organisation.domain import Role
from server.routing.raise_alert import raise_alert
from server.routing.raise_unreviewed import raise_unreviewed
from shared.taxonomy import Authenticity, DismissalReason, Immediacy, Severity, SubjectRole, Theme
from tests.kit.clock import FakeClock
from tests.kit.live_queue import queue_event
from tests.kit.organisation import Academy, Trust, make_actor

MESSAGE = "Says that a stepfather hits them. Please speak with them today."


def grade_command(event_id: UUID, claim_token: UUID, **changes: object) -> GradeCommand:
    """A Level 4 disclosure unless something is changed."""
    theme = Theme.ABUSE_DISCLOSURE
    values: dict[str, object] = {
        "category": theme.category,
        "theme": theme,
        "severity": Severity.LEVEL_4,
        "message": MESSAGE,
        "subject_role": SubjectRole.SELF_AT_RISK,
        "authenticity": Authenticity.GENUINE,
        "immediacy": Immediacy.NO_TIME,
        "call_required": False,
        **changes,
    }
    return GradeCommand(event_id=event_id, claim_token=claim_token, **values)  # type: ignore[arg-type]


def make_moderator(system_database: Database, academy: Academy) -> Actor:
    """Somebody who reviews the academy's trust."""
    return make_actor(system_database, Role.MODERATOR, trust=Trust(academy.trust_id, ""))


def grade_event(
    databases: tuple[Database, Database],
    clock: Clock,
    keyring: Keyring,
    academy: Academy,
    *,
    severity: Severity = Severity.LEVEL_4,
    student_id: UUID | None = None,
) -> UUID:
    """An event that a moderator has graded. ``databases``: people's and the system's."""
    database, system_database = databases
    event_id = queue_event(system_database, keyring, academy, severity=severity, student_id=student_id)
    moderator = make_moderator(system_database, academy)
    with database.write(moderator.database_scope()) as session:
        held = claim_event(session, moderator, clock, event_id)
    with database.write(moderator.database_scope()) as session:
        grade(
            session,
            moderator,
            clock,
            keyring=keyring,
            command=grade_command(event_id, held.token, severity=severity),
        )
    return event_id


def decide_event(
    databases: tuple[Database, Database],
    clock: Clock,
    keyring: Keyring,
    academy: Academy,
    event_id: UUID,
    *,
    severity: Severity | None = None,
) -> None:
    """Claim a waiting event and grade it, or dismiss it where no level is given."""
    database, system_database = databases
    moderator = make_moderator(system_database, academy)
    with database.write(moderator.database_scope()) as session:
        token = claim_event(session, moderator, clock, event_id).token
    with database.write(moderator.database_scope()) as session:
        if severity is None:
            command = DismissCommand(event_id, token, DismissalReason.COURSEWORK)
            dismiss(session, moderator, clock, command=command)
        else:
            graded = grade_command(event_id, token, severity=severity)
            grade(session, moderator, clock, keyring=keyring, command=graded)


def send_unreviewed(
    system_database: Database,
    clock: FakeClock,
    keyring: Keyring,
    academy: Academy,
    *,
    severity: Severity = Severity.LEVEL_5,
    student_id: UUID | None = None,
) -> tuple[UUID, UUID]:
    """An event that nobody reviewed until its time ran out, and its alert. Time passes."""
    now = clock.now()
    event_id = queue_event(
        system_database, keyring, academy, severity=severity, student_id=student_id, received_at=now
    )
    due_at = unreviewed_at(severity, now)
    assert due_at is not None
    clock.at = due_at
    with system_database.write() as session:
        raise_unreviewed(session, clock)
    [(alert_id,)] = rows(system_database, "SELECT id FROM alert WHERE event_id = :id", id=event_id)
    assert isinstance(alert_id, UUID)
    return event_id, alert_id


def raise_graded(
    databases: tuple[Database, Database],
    clock: Clock,
    keyring: Keyring,
    academy: Academy,
    *,
    severity: Severity = Severity.LEVEL_4,
    student_id: UUID | None = None,
) -> UUID:
    """An alert that has just been raised."""
    event_id = grade_event(databases, clock, keyring, academy, severity=severity, student_id=student_id)
    with databases[1].write() as session:
        alert_id = raise_alert(session, clock, event_id)
    assert alert_id is not None
    return alert_id


@dataclass
class RecordingChannel:
    """Keeps what it is given; fails with ``error`` while there is one."""

    sent: list[Mail] = field(default_factory=list)
    error: ChannelError | None = None

    def send(self, mail: Mail) -> None:
        """Keep the mail or fail."""
        if self.error is not None:
            raise self.error
        self.sent.append(mail)

    def readers(self) -> list[str]:
        """To whom, in order."""
        return [mail.to_address for mail in self.sent]


def deliver_all(
    system_database: Database, clock: Clock, keyring: Keyring, channel: RecordingChannel, alert_id: UUID
) -> int:
    """Send what one alert has pending."""
    return deliver(
        system_database,
        clock,
        channel,
        keyring=keyring,
        public_url="https://lantern.test",
        alert_id=alert_id,
    )


def rows(database: Database, statement: str, **values: object) -> list[tuple[object, ...]]:
    """What a query gives, as plain tuples."""
    with database.read() as session:
        return [tuple(row) for row in session.execute(text(statement), values)]


def announced(system_database: Database, name: str, event_id: UUID) -> int:
    """How often a Message about an event was announced."""
    found = rows(
        system_database,
        "SELECT count(*) FROM outbox WHERE name = :name AND payload->>'event_id' = :event",
        name=name,
        event=str(event_id),
    )
    count = found[0][0]
    assert isinstance(count, int)
    return count
