"""Writes down what came back on a Referral: accepted, declined, or its outcome. Only ever a further row."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from server.access.scope import Actor
from server.audit.write import write_audit
from server.escalation.domain import Decision, check_outcome_time, derive_state, next_state
from server.escalation.messages import OutcomeRecorded
from server.escalation.repository import decisions_of, list_answers, lock_referral
from server.escalation.tables import OutcomeRow, ReferralRow
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import NotFoundError
from server.kit.outbox import announce
from server.record.domain import check_text
from server.record.repository import find_concern, find_event_id

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class RecordOutcomeCommand:
    """``outcome_at`` is when the agency decided; left out it means now."""

    referral_id: UUID
    decision: Decision
    what: str
    outcome_at: datetime | None = None


def record_outcome(session: WriteSession, actor: Actor, clock: Clock, command: RecordOutcomeCommand) -> UUID:
    """The new answer. Raises NotFoundError, TransitionError, and InvalidError for an impossible time."""
    now = clock.now()
    what = check_text(command.what)
    referral = lock_referral(session, command.referral_id)
    if referral is None:
        raise NotFoundError("There is no such referral.")
    answers = list_answers(session, referral.id)
    next_state(derive_state(decisions_of(answers)), command.decision)
    outcome_at = command.outcome_at or now
    check_outcome_time(outcome_at, referred_at=referral.referred_at, now=now)
    # The state follows from the order of the answers, so no two of them may share a moment.
    recorded_at = max(now, answers[-1].recorded_at + _TICK) if answers else now
    outcome = OutcomeRow(
        id=uuid4(),
        referral_id=referral.id,
        academy_id=referral.academy_id,
        trust_id=referral.trust_id,
        student_id=referral.student_id,
        decision=command.decision.value,
        what=what,
        outcome_at=outcome_at,
        recorded_at=recorded_at,
        recorded_by=actor.staff_id,
    )
    session.add(outcome)
    session.flush()
    _tell(session, actor, referral, outcome)
    return outcome.id


def _tell(session: WriteSession, actor: Actor, referral: ReferralRow, outcome: OutcomeRow) -> None:
    write_audit(
        session,
        actor,
        verb="recorded_outcome",
        subject_kind="referral",
        subject_id=referral.id,
        trust_id=referral.trust_id,
        academy_id=referral.academy_id,
        details={"outcome_id": str(outcome.id), "decision": outcome.decision},
    )
    concern = find_concern(session, referral.concern_id)
    announce(
        session,
        OutcomeRecorded(
            outcome_id=outcome.id,
            referral_id=referral.id,
            concern_id=referral.concern_id,
            event_id=find_event_id(session, concern) if concern is not None else None,
            trust_id=referral.trust_id,
            academy_id=referral.academy_id,
            outcome_at=outcome.outcome_at,
        ),
    )
