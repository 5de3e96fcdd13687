"""Every query of moderation: it only ever adds."""

from datetime import datetime
from uuid import UUID, uuid4

from server.kit.db import WriteSession
from server.live_queue.repository import Moved
from server.moderation.domain import DismissCommand, GradeCommand, call_reason_of
from server.moderation.tables import DismissalRow, GradeRow


def insert_grade(
    session: WriteSession,
    moved: Moved,
    command: GradeCommand,
    *,
    moderator_id: UUID,
    sealed_message: bytes,
    at: datetime,
) -> UUID:
    """Write the Grade of an event that was just closed."""
    reason = call_reason_of(command)
    row = GradeRow(
        id=uuid4(),
        event_id=moved.event_id,
        trust_id=moved.trust_id,
        academy_id=moved.academy_id,
        moderator_id=moderator_id,
        category=command.category.value,
        theme=command.theme.value,
        severity=command.severity.value,
        message=sealed_message,
        subject_role=command.subject_role.value,
        authenticity=command.authenticity.value,
        immediacy=command.immediacy.value,
        call_required=command.call_required,
        call_reason=reason.value if reason else None,
        graded_at=at,
    )
    session.add(row)
    session.flush()
    return row.id


def insert_dismissal(
    session: WriteSession, moved: Moved, command: DismissCommand, *, moderator_id: UUID, at: datetime
) -> UUID:
    """Write the Dismissal of an event that was just closed."""
    row = DismissalRow(
        id=uuid4(),
        event_id=moved.event_id,
        trust_id=moved.trust_id,
        academy_id=moved.academy_id,
        moderator_id=moderator_id,
        reason=command.reason.value,
        dismissed_at=at,
    )
    session.add(row)
    session.flush()
    return row.id
