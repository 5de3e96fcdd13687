"""Sends a Concern to the local authority, health, the police or another agency. The letter itself goes
by the agency's own route; here stands that, why and when it went, and when an answer is due."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from server.access.scope import Actor
from server.audit.write import write_audit
from server.escalation.domain import Agency, Consent, decision_due_at
from server.escalation.messages import ReferralMade
from server.escalation.tables import ReferralRow
from server.kit.clock import Clock
from server.kit.db import WriteSession
from server.kit.errors import NotFoundError
from server.kit.outbox import announce
from server.record.domain import ConcernClosedError, ConcernState, check_text, derive_state
from server.record.repository import find_event_id, list_entry_kinds, lock_concern
from server.record.tables import ConcernRow
from shared.ids import ReferralId


@dataclass(frozen=True, slots=True)
class ReferCommand:
    """``rationale``: why the threshold is met. ``reference``: the agency's number, once it gives one."""

    concern_id: UUID
    agency: Agency
    rationale: str
    consent: Consent
    reference: str = ""


def refer(session: WriteSession, actor: Actor, clock: Clock, command: ReferCommand) -> ReferralId:
    """The new Referral. Raises NotFoundError, ConcernClosedError, and InvalidError without a rationale."""
    now = clock.now()
    rationale = check_text(command.rationale)
    concern = lock_concern(session, command.concern_id)
    if concern is None:
        raise NotFoundError("There is no such concern.")
    if derive_state(list_entry_kinds(session, concern.id)) is ConcernState.CLOSED:
        raise ConcernClosedError("This concern is closed: reopen it first.")
    referral = ReferralRow(
        id=uuid4(),
        concern_id=concern.id,
        academy_id=concern.academy_id,
        trust_id=concern.trust_id,
        student_id=concern.student_id,
        agency=command.agency.value,
        reference=command.reference.strip(),
        rationale=rationale,
        consent=command.consent.value,
        referred_at=now,
        referred_by=actor.staff_id,
        decision_due_at=decision_due_at(now),
    )
    session.add(referral)
    session.flush()
    _tell(session, actor, concern, referral)
    return ReferralId(referral.id)


def _tell(session: WriteSession, actor: Actor, concern: ConcernRow, referral: ReferralRow) -> None:
    write_audit(
        session,
        actor,
        verb="made_referral",
        subject_kind="referral",
        subject_id=referral.id,
        trust_id=concern.trust_id,
        academy_id=concern.academy_id,
        details={"concern_id": str(concern.id), "agency": referral.agency},
    )
    announce(
        session,
        ReferralMade(
            referral_id=referral.id,
            concern_id=concern.id,
            event_id=find_event_id(session, concern),
            trust_id=concern.trust_id,
            academy_id=concern.academy_id,
            referred_at=referral.referred_at,
        ),
    )
